import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { it } from 'node:test';
import { tidyAfterRush } from '../../server/tidy-after-rush.ts';

const collected = new FinalizationRegistry<() => void>((tell) => tell());

it('has V8 give back what nobody holds any more', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const server = createServer();
  server.removeAllListeners('connection');
  tidyAfterRush(server);
  const isGone = leaveBehind();
  // Nothing else would keep this process waiting.
  const waiting = setTimeout(() => {}, 60_000);
  for (let n = 0; n < 1_000; n += 1) server.emit('connection');
  t.mock.timers.tick(3_000);
  t.mock.timers.tick(3_000);
  await isGone;
  clearTimeout(waiting);
});

it('tidies up once after a rush of connections, when it is over, and not while few come', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const server = createServer();
  server.removeAllListeners('connection');
  let tidied = 0;
  tidyAfterRush(server, () => (tidied += 1));
  const pass = (connections: number) => {
    for (let n = 0; n < connections; n += 1) server.emit('connection');
    t.mock.timers.tick(3_000);
    return tidied;
  };
  assert.equal(pass(100), 0);
  assert.equal(pass(2_000), 0);
  assert.equal(pass(5_000), 0);
  assert.equal(pass(3_000), 0);
  assert.equal(pass(100), 1);
  assert.equal(pass(0), 1);
});

/** Resolves when what it leaves behind has been collected. */
function leaveBehind(): Promise<void> {
  return new Promise((resolve) => collected.register({ left: 'behind' }, resolve));
}
