/**
 * Another device of a person, as linking one will bring it: put into the data of a server that runs, because there is no
 * way yet to sign in on a second device.
 */
import { createHash, randomUUID } from 'node:crypto';
import { changeOf, type Change } from './change-data.ts';
import { ApiPerson } from './person.ts';

export interface AddedDevice {
  tokenHash: string;
  name?: string;
  at: string;
}

export async function addDevice(
  change: Change,
  personId: string,
  { tokenHash, name = '', at }: AddedDevice,
): Promise<string> {
  const id = randomUUID();
  await change(
    `INSERT INTO session (token_hash, person, began_at, id, device, used_at)
     SELECT $1, n, $2, $3, $4, $2 FROM person WHERE id = $5`,
    [tokenHash, at, id, name, personId],
  );
  return id;
}

/** The person on that device. */
export async function onSecondDevice(
  { dataDir }: { dataDir: string },
  person: ApiPerson,
  name = 'Firefox on Linux',
): Promise<{ device: ApiPerson; id: string }> {
  const token = randomUUID();
  const tokenHash = createHash('sha256').update(token).digest('base64url');
  const change = await changeOf(dataDir);
  const id = await addDevice(change, person.me.id, { tokenHash, name, at: new Date().toISOString() });
  return { device: new ApiPerson(person.baseUrl, `ot=${token}`, person.me), id };
}
