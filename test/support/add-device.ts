/**
 * Another device of a person, as linking one will bring it: put into the data of a server that runs, because there is no
 * way yet to sign in on a second device.
 */
import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ApiPerson } from './person.ts';

export interface AddedDevice {
  tokenHash: string;
  name?: string;
  at: string;
}

export function addDevice(
  dataDir: string,
  personId: string,
  { tokenHash, name = '', at }: AddedDevice,
): string {
  const db = new DatabaseSync(path.join(dataDir, 'opentalk.db'), { timeout: 5_000 });
  const id = randomUUID();
  db.prepare(
    `INSERT INTO session (token_hash, person, began_at, id, device, used_at)
     SELECT ?, n, ?, ?, ?, ? FROM person WHERE id = ?`,
  ).run(tokenHash, at, id, name, at, personId);
  db.close();
  return id;
}

/** The person on that device. */
export function onSecondDevice(
  { dataDir }: { dataDir: string },
  person: ApiPerson,
  name = 'Firefox on Linux',
): { device: ApiPerson; id: string } {
  const token = randomUUID();
  const tokenHash = createHash('sha256').update(token).digest('base64url');
  const id = addDevice(dataDir, person.me.id, { tokenHash, name, at: new Date().toISOString() });
  return { device: new ApiPerson(person.baseUrl, `ot=${token}`, person.me), id };
}
