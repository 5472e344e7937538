import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import { giveUpOldRequests, readJson, withPatience } from '../../client/store/patience.ts';
import { retryAfterMs } from '../../client/store/retry-after.ts';
import { submitMessages } from '../../client/store/submit-messages.ts';

/** A request that hears nothing until it is given up. */
const stuck = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
const stuckFetch = ((_path: string, init: RequestInit) => stuck(init.signal!)) as typeof fetch;

afterEach(() => mock.timers.reset());

describe('a request', () => {
  it('is given up when nothing has moved for a while, and not while something does', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    let moved: () => void = assert.fail;
    const ended = withPatience({ silenceMs: 1_000 }, (signal, onMoved) => {
      moved = onMoved;
      return stuck(signal);
    }).catch((error: unknown) => (error as DOMException).name);
    for (let part = 0; part < 5; part += 1) {
      mock.timers.tick(900);
      moved();
    }
    mock.timers.tick(1_000);
    assert.equal(await ended, 'TimeoutError');
  });

  it('is given up by who asked', async () => {
    const asker = new AbortController();
    const ended = withPatience({ silenceMs: 60_000, signal: asker.signal }, stuck);
    asker.abort();
    await assert.rejects(ended, { name: 'AbortError' });
  });

  it('from before the network changed is given up at once, so that it holds nothing up', async () => {
    const ended = submitMessages([], 'ann', undefined, stuckFetch);
    giveUpOldRequests(-1);
    assert.deepEqual(await ended, { kind: 'retry-later', why: 'offline' });
  });

  it('that is young is not given up for that', async () => {
    const ended = withPatience({ silenceMs: 60_000 }, async (signal) => {
      giveUpOldRequests(60_000);
      await Promise.race([stuck(signal), new Promise((resolve) => setTimeout(resolve, 50))]);
      return 'answered';
    });
    assert.equal(await ended, 'answered');
  });

  it('reads a body of many parts, letters that were cut in two included', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ text: 'Grüße 👋' }));
    const body = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    let parts = 0;
    const read = await readJson(new Response(body), () => (parts += 1));
    assert.deepEqual(read, { text: 'Grüße 👋' });
    assert.equal(parts, bytes.length);
  });

  it('takes a page for no answer, and nothing for nothing', async () => {
    const noMove = () => undefined;
    assert.equal(await readJson(new Response('<html>Welcome to our Wi-Fi'), noMove), undefined);
    assert.equal(await readJson(new Response(null, { status: 204 }), noMove), undefined);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T12:00:00Z');

  it('is understood in seconds and as a date', () => {
    assert.equal(retryAfterMs('7', now), 7_000);
    assert.equal(retryAfterMs('0', now), 0);
    assert.equal(retryAfterMs('Thu, 01 Jan 2026 12:00:30 GMT', now), 30_000);
  });

  it('is not believed for longer than ten minutes', () => {
    assert.equal(retryAfterMs('86400', now), 600_000);
    assert.equal(retryAfterMs('Fri, 02 Jan 2026 12:00:00 GMT', now), 600_000);
  });

  it('says nothing where it is missing, empty, past or nonsense', () => {
    for (const header of [null, '', ' ', '-5', 'soon', 'Wed, 31 Dec 2025 12:00:00 GMT']) {
      assert.equal(retryAfterMs(header, now), undefined, String(header));
    }
  });
});
