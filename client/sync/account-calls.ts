/** What a person asks of the server about their account. Every outcome is a value; nothing here is of the device. */
import { devicesAnswerSchema, type Device, type Person } from '../../server/protocol/requests.ts';
import { parse } from '../../server/protocol/schema.ts';
import { ask, readSession } from '../session.ts';

/** Undefined when the server cannot be asked now. */
export async function fetchDevices(): Promise<Device[] | undefined> {
  const answer = await ask('/api/devices', 'GET');
  return answer?.status === 200 ? parse(devicesAnswerSchema, answer.body)?.devices : undefined;
}

/** False if that did not work. */
export async function endDevice(id: string): Promise<boolean> {
  return (await ask(`/api/devices/${encodeURIComponent(id)}`, 'DELETE'))?.status === 204;
}

export async function endOtherDevices(): Promise<boolean> {
  return (await ask('/api/devices', 'DELETE'))?.status === 204;
}

export type Deletion = 'deleted' | 'no-network' | 'not-signed-in';

/** Deletes the account of `me`, and nobody else's who signed in here since, were it under the same nick. */
export async function deleteAccount(me: Person): Promise<Deletion> {
  const session = await readSession();
  if (session.kind === 'unreachable') return 'no-network';
  if (session.kind === 'signed-out' || session.me.id !== me.id) return 'not-signed-in';
  const answer = await ask('/api/me', 'DELETE', { nick: me.nick });
  return answer?.status === 204 ? 'deleted' : 'no-network';
}
