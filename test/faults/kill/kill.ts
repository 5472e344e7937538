/**
 * `npm run soak:kill`: a server kills itself with -9, at each step of a send in turn and at a random passage of it, while
 * eight devices send; and again on the same folder, KILLS times (240 if not set). What was acknowledged must be there
 * after each death; at the end everything that was composed, once and in order, on the server and on every device.
 * KILL_SEED for the same deaths again (but not the same moments: the load is real). The exit code says how it went.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { failpoints } from '../../../server/failpoint.ts';
import { seededRandom } from '../../lab/reply.ts';
import { Checker, faultsOf } from '../../support/checker.ts';
import { messagesOnDisk } from '../../support/messages-on-disk.ts';
import { Devices } from '../../support/devices.ts';
import { ServerProcess } from '../../support/server-process.ts';

const kills = Number(process.env['KILLS'] || 240);
const seed = Number(process.env['KILL_SEED'] || Date.now() % 1_000_000_000);
const mostPassages = 40;
/** The last is killed from outside, wherever it is. */
const places = [...failpoints, 'anywhere'] as const;

const random = seededRandom(seed);
const dataDir = mkdtempSync(path.join(tmpdir(), 'opentalk-kill-'));
const checker = new Checker();
const first = new ServerProcess(dataDir, 0);
const port = (await first.ready())!;
const devices = await Devices.start(`http://127.0.0.1:${port}`, checker, seededRandom(seed + 1));
let server = first;
let where = 'before the first kill';
let before = where;

try {
  await first.end();
  for (let kill = 1; kill <= kills; kill += 1) {
    const place = places[kill % places.length]!;
    const passage = 1 + Math.floor(random() * mostPassages);
    before = where;
    where = `kill ${kill} of ${kills}: ${place}, passage ${passage}`;
    await Promise.race([devices.failure, dieAt(place, passage)]);
  }
  where = 'after the last kill';
  server = new ServerProcess(dataDir, port);
  const views = await Promise.race([devices.failure, devices.finish()]);
  const faults = faultsOf(checker.compare(messagesOnDisk(dataDir), views));
  if (faults.length > 0) throw new Error(faults.join('\n'));
  tell();
} catch (error) {
  console.error(`seed ${seed}, ${where}\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
await server.kill();
rmSync(dataDir, { recursive: true });
process.exit();

/** A life of the server: what was acknowledged before it is there, and then it dies. */
async function dieAt(place: (typeof places)[number], passage: number): Promise<void> {
  const acknowledged = new Map(devices.acknowledged);
  server = new ServerProcess(
    dataDir,
    port,
    place === 'anywhere' ? {} : { TEST_FAILPOINT: `${place}:${passage}:kill` },
  );
  const isReady = (await server.ready()) !== undefined;
  const stored = new Map([...messagesOnDisk(dataDir).values()].flat().map(({ text, seq }) => [text, seq]));
  const lost = [...acknowledged].filter(([text, seq]) => stored.get(text) !== seq);
  if (lost.length > 0) {
    throw new Error(`acknowledged, and lost by ${before}: ${lost.map(([text]) => text).join(', ')}`);
  }
  if (place === 'anywhere' && isReady) {
    await sleep(random() * 300);
    await server.kill();
  }
  const how = await server.died();
  if (how !== 'SIGKILL') throw new Error(`it ended by itself: ${how}`);
}

function tell(): void {
  const each = places.map(
    (place, n) => `${place} ${Math.floor((kills - n) / places.length) + (n > 0 ? 1 : 0)}`,
  );
  console.log(
    [
      `seed ${seed}: ${kills} kills (${each.join(', ')})`,
      `${checker.composed} messages composed and acknowledged, ${devices.duplicates} of them answered again as duplicate`,
      '0 lost, 0 twice, 0 out of order; every device has the same as the server',
    ].join('\n'),
  );
}
