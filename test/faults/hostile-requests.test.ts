/**
 * Requests as nobody of ours makes them, byte by byte: without end, in small drops, in disguise, of no characters. Each
 * gets its refusal, or none where the connection says enough, and nothing of it stays.
 */
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ApiPerson } from '../support/person.ts';
import { RawClient, until } from '../support/raw-client.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

let server: TestServer;
let ann: ApiPerson;

before(async () => {
  server = await startTestServer();
  ann = await ApiPerson.signIn(`http://127.0.0.1:${server.port}`, 'ann');
});
after(() => server.remove());

const clients: RawClient[] = [];
after(() => {
  for (const { socket } of clients) socket.destroy();
});

function connect(port = server.port): RawClient {
  const client = new RawClient(port);
  clients.push(client);
  return client;
}

/** The beginning of a request that sends messages as ann; what follows are more headers. */
function startOfPost(): string {
  const headers = ['Host: here', `Cookie: ${ann.cookie}`, 'Content-Type: application/json'];
  return `POST /api/messages HTTP/1.1\r\n${headers.join('\r\n')}\r\n`;
}

/** All before the body. */
const postHead = (...headers: string[]) => `${startOfPost()}${headers.join('\r\n')}\r\n\r\n`;

const statusOf = ({ text }: RawClient) => Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);

/** Says `bytes` again and again for as long as anybody listens. */
function sayForever({ socket }: RawClient, bytes: string): void {
  const say = () => {
    while (socket.writable && socket.write(bytes));
  };
  socket.on('drain', say);
  say();
}

describe('a body without end', () => {
  it('is refused before it is read, where it says how long it is', async () => {
    const client = connect();
    client.socket.write(postHead('Content-Length: 10485760'));
    await client.hears('"code":"too_large"');
    assert.equal(statusOf(client), 413);
    await client.closes();
  });

  it('is refused where it is longer than any may be, and its connection ends', async () => {
    const client = connect();
    client.socket.write(postHead('Transfer-Encoding: chunked'));
    sayForever(client, `400\r\n${'x'.repeat(1024)}\r\n`);
    await client.closes();
    assert.ok([413, Number.NaN].includes(statusOf(client)), 'the answer, unless the end came sooner');
  });

  it('is not read at all where it is a stranger’s', async () => {
    for (const header of ['Content-Length: 262144', 'Transfer-Encoding: chunked']) {
      const client = connect();
      client.socket.write(
        `POST /api/messages HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n${header}\r\n\r\n`,
      );
      await client.hears('"code":"signed_out"');
      assert.equal(statusOf(client), 401);
    }
  });

  it('is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024));
    for (const encoding of ['gzip', 'br', 'deflate', 'gzip, gzip', 'x-gzip']) {
      const client = connect();
      client.socket.write(postHead(`Content-Length: ${bomb.length}`, `Content-Encoding: ${encoding}`));
      await client.hears('"code":"wrong_type"');
      assert.equal(statusOf(client), 415, encoding);
    }
  });
});

describe('who says everything slowly', () => {
  it('is let go within 10 s: who says nothing, half a line, or a header now and then', async () => {
    const began = performance.now();
    const [silent, half, dripping] = [connect(), connect(), connect()] as const;
    half.socket.write('GET /healthz HTT');
    dripping.socket.write('GET /healthz HTTP/1.1\r\nHost: here\r\n');
    const drip = setInterval(() => dripping.socket.write('X-Drop: x\r\n'), 200);
    await Promise.all([silent, half, dripping].map((client) => client.closes()));
    clearInterval(drip);
    assert.ok(performance.now() - began < 10_000);
    assert.equal(statusOf(dripping), 408);
  });

  it('is let go when his body takes too long, and who takes nothing of an answer, too', async () => {
    const impatient = await startTestServer({
      timeouts: { headersMs: 500, requestMs: 1_000, silenceMs: 1_000 },
    });
    const bob = await ApiPerson.signIn(`http://127.0.0.1:${impatient.port}`, 'bob');
    const slow = connect(impatient.port);
    slow.socket.write(postHead('Content-Length: 1000').replace(ann.cookie, bob.cookie));
    const drip = setInterval(() => slow.socket.write(' '), 100);

    await bob.send(...Array.from({ length: 15 }, () => bob.draft('bob', '😀'.repeat(4_000))));
    const deaf = connect(impatient.port);
    deaf.socket.pause();
    const asked = 200; // of 240 kB each: more than the kernel takes off our hands
    deaf.socket.write(`GET /api/sync HTTP/1.1\r\nHost: here\r\nCookie: ${bob.cookie}\r\n\r\n`.repeat(asked));
    await until(() => isServed(deaf), 'the deaf one to be heard');

    await slow.closes();
    clearInterval(drip);
    assert.equal(statusOf(slow), 408);
    await until(() => !isServed(deaf), 'the deaf one to be let go');
    await impatient.remove();
  });
});

/** Does the server, which lives in this process, still have its end of the connection? */
function isServed({ socket }: RawClient): boolean {
  const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles();
  return handles.some((end) => end instanceof net.Socket && end.remotePort === socket.localPort);
}

describe('headers', () => {
  it('have 8 KiB, whatever they are', async () => {
    const cookies = Array.from({ length: 200 }, (_, n) => `cookie${n}=${'x'.repeat(40)}`).join('; ');
    const many = Array.from({ length: 400 }, (_, n) => `X-${n}: ${'x'.repeat(20)}`).join('\r\n');
    const heads = [`X-Long: ${'x'.repeat(10_000)}`, `Cookie: ${cookies}`, many];
    for (const head of heads) {
      const client = connect();
      client.socket.write(`GET /api/session HTTP/1.1\r\nHost: here\r\n${head}\r\n\r\n`);
      await client.closes();
      assert.equal(statusOf(client), 431, head.slice(0, 20));
    }
    const long = connect();
    long.socket.write(`GET /${'x'.repeat(10_000)} HTTP/1.1\r\nHost: here\r\n\r\n`);
    await long.closes();
    assert.equal(statusOf(long), 431);
  });

  it('may have many cookies of others beside ours', async () => {
    const cookies = Array.from({ length: 200 }, (_, n) => `c${n}=__proto__`).join('; ');
    const response = await ann.request('/api/session', { headers: { Cookie: `${cookies}; ${ann.cookie}` } });
    assert.equal(response.status, 200);
  });
});

describe('two requests in the clothes of one', () => {
  const hidden = 'GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n';
  const disguises: Record<string, string> = {
    'a length and chunks': `Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
    'chunks and a length': `Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n${hidden}`,
    'two lengths': `Content-Length: 0\r\nContent-Length: 30\r\n\r\n${hidden}`,
    'a list of lengths': `Content-Length: 0, 30\r\n\r\n${hidden}`,
    'a length with a sign': `Content-Length: +0\r\n\r\n${hidden}`,
    'a length in hexadecimal': `Content-Length: 0x10\r\n\r\n${hidden}`,
    'a negative length': `Content-Length: -1\r\n\r\n${hidden}`,
    'an encoding that is nearly chunked': `Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`,
    'chunked, and then something else': `Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`,
    'a space before the colon': `Content-Length : 0\r\n\r\n${hidden}`,
    'a folded line': `X-Folded: a\r\n b\r\nContent-Length: 0\r\n\r\n${hidden}`,
    'a bare line feed': `X-Bare: a\nContent-Length: 0\r\n\r\n${hidden}`,
    'a bare carriage return': `X-Bare: a\rContent-Length: 0\r\n\r\n${hidden}`,
    'a NUL': `X-Nul: a\0b\r\n\r\n${hidden}`,
    'a chunk whose length is none': `Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n${hidden}`,
    'a chunk that ends in a bare line feed': `Transfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n${hidden}`,
    'a chunk that is longer than it says': `Transfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n${hidden}`,
  };

  for (const [name, rest] of Object.entries(disguises)) {
    it(`are refused together: ${name}`, async () => {
      const client = connect();
      client.socket.write(startOfPost() + rest);
      await client.closes();
      assert.equal(statusOf(client), 400);
      assert.doesNotMatch(client.text, /HTTP\/1\.1 200/, 'the hidden request is not answered');
    });
  }

  it('are refused without a host', async () => {
    const client = connect();
    client.socket.write('GET /healthz HTTP/1.1\r\n\r\n');
    await client.closes();
    assert.equal(statusOf(client), 400);
  });
});
