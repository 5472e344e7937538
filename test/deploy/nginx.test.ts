/** The nginx.conf that we give away, in front of two real servers: all but the certificate and the ports is as it is there. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openSqliteStore, type SqliteStore } from '../../server/store/sqlite-store.ts';
import { freePort } from '../support/free-port.ts';
import { missing, programAt } from '../support/installed.ts';
import { ApiPerson } from '../support/person.ts';
import { SseReader } from '../support/sse-reader.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { untilHealthy } from '../support/until-healthy.ts';

const root = path.join(import.meta.dirname, '../..');
const pageFolder = path.join(root, 'dist');
const isBuilt = existsSync(path.join(pageFolder, 'index.html'));

describe('behind nginx', { skip: missing('nginx', 'NGINX_PATH'), timeout: 60_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'opentalk-nginx-'));
  let store: SqliteStore;
  let servers: TestServer[];
  let nginx: ChildProcess;
  let url: string;

  before(async () => {
    store = await openSqliteStore({ dataDir: folder, onFatal: assert.fail });
    servers = [await serve(), await serve()];
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const config = configured(
      port,
      servers.map((server) => server.port),
    );
    writeFileSync(path.join(folder, 'nginx.conf'), config);
    writeFileSync(path.join(folder, 'mime.types'), 'types { text/html html; }\n');
    mkdirSync(path.join(folder, 'tmp'));
    nginx = spawn(
      programAt('nginx', 'NGINX_PATH'),
      [
        '-p',
        folder,
        '-c',
        path.join(folder, 'nginx.conf'),
        '-e',
        'stderr',
        '-g',
        'daemon off; master_process off; pid nginx.pid;',
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    const failed = once(nginx, 'exit').then(() => assert.fail('nginx has ended'));
    await Promise.race([failed, untilHealthy(url)]);
    failed.catch(() => {});
  });
  after(async () => {
    if (nginx?.exitCode === null) {
      const ended = once(nginx, 'exit');
      nginx.kill('SIGTERM');
      await ended;
    }
    for (const server of servers ?? []) await server.close();
    await store?.close();
    rmSync(folder, { recursive: true });
  });

  /** Both on one store; they do not hear each other, which is not what is tried here. */
  function serve(): Promise<TestServer> {
    return startTestServer({
      store: { ...store, close: () => Promise.resolve() },
      dataDir: folder,
      trustProxy: 1,
      ...(isBuilt ? { pageFolder } : {}),
    });
  }

  it('the page loads', { skip: isBuilt ? false : 'the page is not built' }, async () => {
    const page = await fetch(url);
    assert.equal(page.status, 200);
    const text = await page.text();
    const script = /href="(\/assets\/[^"]+\.js)"/.exec(text)?.[1];
    assert.ok(script, 'it names a script');
    assert.equal((await fetch(url + script)).status, 200);
  });

  it('a stream comes as it is written, resumes at its cursor, and at another server', async () => {
    const ann = await ApiPerson.signIn(url, 'ann');
    const bob = await ApiPerson.signIn(url, 'bob');
    const { cursor } = await bob.sync();
    // To itself: the servers do not tell each other here.
    let stream = await SseReader.open(bob, `?after=${cursor}`);
    await stream.nextOf('heartbeat');
    let last: string | undefined;
    for (const text of ['one', 'two', 'three']) {
      stream.close();
      await ann.send(ann.draft(bob, text));
      stream = await SseReader.open(bob, '', { 'Last-Event-ID': last ?? cursor });
      const { id, data } = await stream.nextOf('inbox');
      assert.equal(data['text'], text);
      last = id;
    }
    stream.close();
  });

  it('a write of our own page is taken, one of another origin is not, and an address is what nginx says', async () => {
    const host = new URL(url).host;
    const signIn = (headers: Record<string, string>) =>
      fetch(`${url}/api/session`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify({ nick: 'carol' }),
      });
    assert.equal((await signIn({ Origin: 'http://elsewhere.example' })).status, 403);
    const { status, headers } = await signIn({ Origin: `http://${host}`, 'X-Forwarded-Proto': 'https' });
    assert.equal(status, 201);
    assert.ok(
      headers.getSetCookie().every((cookie) => !cookie.includes('Secure')),
      'it came over plain HTTP',
    );
  });

  it('a body that is too large is refused in our own words, and one of the largest is not', async () => {
    const ann = await ApiPerson.signIn(url, 'largest');
    const of = (bytes: number) => ann.request('/api/receipts', { json: { pad: 'x'.repeat(bytes) } });
    assert.equal((await of(262_144 - 10)).status, 204);
    const refused = await of(262_144 + 10);
    assert.equal(refused.status, 413);
    assert.equal(((await refused.json()) as { code: string }).code, 'too_large');
  });

  it('a server that ends is nobody’s loss: each request goes to the other', async () => {
    const ann = await ApiPerson.signIn(url, 'steady');
    await servers[0]!.close();
    for (let n = 0; n < 10; n += 1) {
      assert.equal((await ann.send(ann.draft(ann, `note ${n}`)))[0]!.status, 'accepted');
    }
    servers.shift();
  });
});

/** With ports of its own, without the certificate, and with folders that nobody else has. */
function configured(port: number, servers: readonly number[]): string {
  let config = readFileSync(path.join(root, 'server/deploy/nginx.conf'), 'utf8');
  const change = (from: string | RegExp, to: string) => {
    const changed = config.replace(from, to);
    assert.notEqual(changed, config, `${from} is not there`);
    config = changed;
  };
  change('worker_rlimit_nofile 65536;', '');
  change('worker_connections 32768;', 'worker_connections 512;');
  change('worker_processes auto;', 'worker_processes 1;');
  change('127.0.0.1:8080', `127.0.0.1:${servers[0]}`);
  change('127.0.0.1:8081', `127.0.0.1:${servers[1]}`);
  change(/ {2}server \{\n {4}listen 80;[^}]*\}\n/, '');
  change('listen 443 ssl http2;', `listen 127.0.0.1:${port};`);
  change(/ *ssl_certificate [^\n]*\n *ssl_certificate_key [^\n]*\n *ssl_protocols [^\n]*\n/, '');
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path tmp/${name};`,
  );
  change('http {', `http { access_log off; ${folders.join(' ')}`);
  return config;
}
