/** What the log says of what was refused: how often, and no more. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { RefusalLog } from '../../server/http/refusal-log.ts';

function record() {
  const lines: { refused: Record<string, number>; msg: string }[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]);
  return { lines, refusals: new RefusalLog(pino({}, { write })) };
}

describe('what was refused', () => {
  it('is one line a minute, however much it is, with how often for which reason', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { lines, refusals } = record();
    for (let n = 0; n < 1_000; n += 1) refusals.count('rate_limited');
    refusals.count('signed_out');
    t.mock.timers.tick(59_999);
    assert.equal(lines.length, 0);
    t.mock.timers.tick(1);
    assert.deepEqual(
      lines.map(({ msg, refused }) => [msg, refused]),
      [['requests were refused', { rate_limited: 1_000, signed_out: 1 }]],
    );

    refusals.count('bad_json');
    t.mock.timers.tick(60_000);
    assert.deepEqual(lines[1]?.refused, { bad_json: 1 }, 'counted anew');
    t.mock.timers.tick(600_000);
    assert.equal(lines.length, 2, 'of nothing there is no line');
  });

  it('is written at the end too', () => {
    const { lines, refusals } = record();
    refusals.count('cross_site');
    refusals.write();
    refusals.write();
    assert.deepEqual(
      lines.map(({ refused }) => refused),
      [{ cross_site: 1 }],
    );
  });
});
