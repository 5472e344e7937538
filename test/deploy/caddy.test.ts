/** The Caddyfile that we give away, in front of a real server: over plain HTTP, and otherwise as it is. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freePort } from '../support/free-port.ts';
import { missingAnywhere, programAt } from '../support/installed.ts';
import { ApiPerson } from '../support/person.ts';
import { SseReader } from '../support/sse-reader.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { untilHealthy } from '../support/until-healthy.ts';

const caddyfile = path.join(import.meta.dirname, '../../server/deploy/Caddyfile');

// Not every machine that tests has one: nginx is what CI insists on.
describe('behind Caddy', { skip: missingAnywhere('caddy', 'CADDY_PATH'), timeout: 60_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'opentalk-caddy-'));
  let server: TestServer;
  let caddy: ChildProcess;
  let url: string;

  before(async () => {
    server = await startTestServer({ trustProxy: 1 });
    url = `http://127.0.0.1:${await freePort()}`;
    caddy = spawn(
      programAt('caddy', 'CADDY_PATH'),
      ['run', '--config', caddyfile, '--adapter', 'caddyfile'],
      {
        env: {
          ...process.env,
          SITE_ADDRESS: url,
          OPENTALK_HOST: 'localhost',
          OPENTALK_PORT: String(server.port),
          CADDY_ADMIN: `127.0.0.1:${await freePort()}`,
          HOME: folder,
          XDG_CONFIG_HOME: folder,
          XDG_DATA_HOME: folder,
        },
        stdio: 'ignore',
      },
    );
    const failed = once(caddy, 'exit').then(() => assert.fail('Caddy has ended'));
    await Promise.race([failed, untilHealthy(url)]);
    failed.catch(() => {});
  });
  after(async () => {
    if (caddy?.exitCode === null) {
      const ended = once(caddy, 'exit');
      caddy.kill('SIGTERM');
      await ended;
    }
    await server?.remove();
    rmSync(folder, { recursive: true });
  });

  it('a stream comes as it is written, and resumes at its cursor', async () => {
    const ann = await ApiPerson.signIn(url, 'ann');
    const bob = await ApiPerson.signIn(url, 'bob');
    const first = await SseReader.open(bob);
    const { id } = await first.nextOf('ack');
    await ann.send(ann.draft(bob, 'one'));
    assert.equal((await first.nextOf('inbox')).data['text'], 'one');
    first.close();
    const second = await SseReader.open(bob, '', { 'Last-Event-ID': id! });
    assert.equal((await second.nextOf('inbox')).data['text'], 'one');
    second.close();
  });
});
