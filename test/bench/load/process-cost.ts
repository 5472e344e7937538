/** What a server costs, as the kernel counts it: it is asked from outside, alike of every server, in whatever language. */
import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second, of all threads together, also of those that have ended. */
const tickMs = 10;

export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program is in brackets and may have spaces in it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** Resident memory; what the kernel keeps for the sockets is not in it. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}
