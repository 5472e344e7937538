/** Asking once more beside a request that is likely stuck. Time is mocked. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { hedgeAfterMs, hedged, newsAfterMs } from '../../client/store/hedge.ts';

interface Asked {
  signal: AbortSignal;
  answer: (value: string) => void;
  fail: (error: Error) => void;
}

let asked: Asked[];
let ending: AbortController;

function ask(signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    asked.push({ signal, answer: resolve, fail: reject });
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
}

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  asked = [];
  ending = new AbortController();
});
afterEach(() => mock.timers.reset());

describe('a request that may be stuck', () => {
  it('is asked once when the answer comes as usual', async () => {
    const answer = hedged(ask, ending.signal, 2_000);
    mock.timers.tick(1_900);
    asked[0]!.answer('here');
    assert.equal(await answer, 'here');
    mock.timers.tick(60_000);
    assert.equal(asked.length, 1);
  });

  it('is asked again beside itself, and the first answer ends the others', async () => {
    const answer = hedged(ask, ending.signal, 2_000);
    mock.timers.tick(2_000);
    assert.equal(asked.length, 2);
    assert.equal(asked[0]!.signal.aborted, false, 'it may still be answered');
    asked[1]!.answer('on another connection');
    assert.equal(await answer, 'on another connection');
    assert.equal(asked[0]!.signal.aborted, true);
  });

  it('is asked three times at most, less and less often', () => {
    hedged(ask, ending.signal, 2_000).catch(() => undefined);
    mock.timers.tick(2_000);
    mock.timers.tick(3_900);
    assert.equal(asked.length, 2);
    mock.timers.tick(100);
    mock.timers.tick(60_000);
    assert.equal(asked.length, 3);
  });

  it('fails at once where there is no network, and waits for the other where one of two fails', async () => {
    const offline = hedged(ask, ending.signal, 2_000);
    asked[0]!.fail(new TypeError('offline'));
    await assert.rejects(offline, /offline/);
    mock.timers.tick(60_000);
    assert.equal(asked.length, 1);

    const half = hedged(ask, ending.signal, 2_000);
    mock.timers.tick(2_000);
    asked[1]!.fail(new TypeError('reset'));
    asked[2]!.answer('after all');
    assert.equal(await half, 'after all');
  });

  it('ends with whoever wanted it, and says why', async () => {
    const answer = hedged(ask, ending.signal, 2_000);
    mock.timers.tick(2_000);
    ending.abort(new DOMException('The request was given up.', 'TimeoutError'));
    await assert.rejects(answer, { name: 'TimeoutError' });
    assert.ok(asked.every(({ signal }) => signal.aborted));
  });
});

describe('how long an answer is waited for before the same is asked again', () => {
  it('goes by what answers take on this line', () => {
    assert.equal(hedgeAfterMs([60, 80]), 2_000);
    assert.equal(hedgeAfterMs([2_000, 4_000, 2_000]), 8_000);
    assert.equal(hedgeAfterMs([30_000]), 10_000);
  });

  it('leaves a line of which nothing is known its time', () => {
    assert.equal(hedgeAfterMs([]), 6_000);
  });

  it('is a quarter of an answer for what has something new, within limits', () => {
    assert.equal(newsAfterMs([]), 250);
    assert.equal(newsAfterMs([60, 9_000]), 250);
    assert.equal(newsAfterMs([2_400, 2_000, 9_000]), 500);
    assert.equal(newsAfterMs([9_000]), 1_000);
  });
});
