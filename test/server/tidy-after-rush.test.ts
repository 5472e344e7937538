import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { it } from 'node:test';
import { tidyAfterRush } from '../../server/tidy-after-rush.ts';

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
