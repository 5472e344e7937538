/** More connections than the process may have files open: who has one goes on, who comes anew is let go. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ChildServer } from '../support/child-server.ts';
import { ApiPerson } from '../support/person.ts';

const descriptors = 128;
let dataDir: string;
let server: ChildServer;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'opentalk-descriptors-'));
});
afterEach(async () => {
  await server.kill();
  rmSync(dataDir, { recursive: true });
});

describe(
  'a server without file descriptors',
  { skip: process.platform === 'win32' && 'Windows has no such limit', timeout: 120_000 },
  () => {
    it('goes on for those who have a connection, lets new ones go, tells it once, and recovers', async () => {
      server = await ChildServer.start({ dataDir, before: `ulimit -n ${descriptors}` });
      const { url, port } = server;
      const ann = await ApiPerson.signIn(url, 'ann');
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      const send = (text: string) =>
        post(agent, `${url}/api/messages`, ann.cookie, { messages: [ann.draft('ann', text)] });
      assert.equal(await send('before'), 200);

      const dropped = new Set<net.Socket>();
      const streams = Array.from({ length: descriptors * 2 }, () => {
        const socket = net.connect(port, '127.0.0.1');
        socket
          .on('close', () => dropped.add(socket))
          .on('error', () => undefined)
          .resume();
        socket.write(`GET /api/events HTTP/1.1\r\nHost: localhost\r\nCookie: ${ann.cookie}\r\n\r\n`);
        return socket;
      });
      await server.says(/no room for more connections/);
      while (dropped.size < descriptors) await new Promise((resolve) => setTimeout(resolve, 10));
      for (let n = 0; n < 20; n += 1) assert.equal(await send(`meanwhile ${n}`), 200);
      assert.equal(server.lines(/no room for more connections/).length, 1, 'told once');

      for (const socket of streams) socket.destroy();
      let status: number | undefined;
      while (status !== 200) {
        status = await ann.request('/api/messages?with=ann').then(
          (answer) => answer.status,
          () => undefined,
        );
      }
      assert.equal((await ann.history('ann')).length, 21);
      assert.deepEqual(server.fatalLines(), []);
      agent.destroy();
    });
  },
);

function post(agent: http.Agent, url: string, cookie: string, body: unknown): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { Cookie: cookie, 'Content-Type': 'application/json' };
    const request = http.request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    request.on('error', reject);
    request.end(JSON.stringify(body));
  });
}
