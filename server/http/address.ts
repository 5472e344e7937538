/**
 * Where a request comes from, as the limits count it: an IPv4 address, or the /64 of an IPv6 one, because whoever has one
 * address of that has all of them. A proxy's word counts only if it was told to be trusted.
 */
import { isIPv6 } from 'node:net';
import type { Request } from 'express';

export function addressOf(request: Request): string {
  return countedAs(request.ip);
}

export function countedAs(address = 'unknown'): string {
  const [, v4] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
  if (v4 !== undefined) return v4;
  if (!isIPv6(address)) return address;
  const [front, back] = address.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - front!.length - (back?.length ?? 0) }, () => '0');
  const groups = [...front!, ...zeros, ...(back ?? [])].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
