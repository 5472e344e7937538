/** What is kept in memory of the log answers only where it is sure to say the same as the log. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatEventId } from '../../server/protocol/event-id.ts';
import { RecentEvents, type RecentLimits, type WrittenEvent } from '../../server/store/recent-events.ts';

const epoch = 'life';

describe('the newest events in memory', () => {
  it('are answered to who stands at a cursor among them', () => {
    const recent = following(4);
    recent.hear([message(5), message(6)]);
    assert.deepEqual(positions(recent, 4), [5, 6]);
    assert.deepEqual(positions(recent, 5), [6]);
  });

  it('never say that there is nothing new: only the log knows', () => {
    const recent = following(4);
    assert.equal(positions(recent, 4), undefined);
    recent.hear([message(5)]);
    assert.equal(positions(recent, 5), undefined);
  });

  it('answer nobody whose cursor has another tag, be it of a lost future', () => {
    const recent = following(4);
    recent.hear([message(5), message(6)]);
    const lost = formatEventId({ epoch, position: 5, tag: 'ffffffffffff' });
    assert.equal(recent.after('ann', lost, 10), undefined);
    const foreign = formatEventId({ epoch: 'other', position: 5, tag: tagOf(5) });
    assert.equal(recent.after('ann', foreign, 10), undefined);
    assert.equal(recent.after('ann', 'no id', 10), undefined);
  });

  it('answer nobody who is further behind or ahead', () => {
    const recent = following(4);
    recent.hear([message(5)]);
    assert.equal(positions(recent, 3), undefined);
    assert.equal(positions(recent, 9), undefined);
    assert.equal(recent.after('bob', cursor(4), 10), undefined);
  });

  it('are forgotten when one between was not heard', () => {
    const recent = following(4);
    recent.hear([message(5), message(7)]);
    assert.equal(positions(recent, 4), undefined);
    assert.equal(positions(recent, 6), undefined);
  });

  it('are forgotten when something was written that is not known', () => {
    const recent = following(4);
    recent.hear([message(5)]);
    recent.forget('ann');
    recent.hear([message(6)]);
    assert.equal(positions(recent, 4), undefined);
    assert.equal(positions(recent, 5), undefined);
  });

  it('are not replaced by what was read before them', () => {
    const recent = following(4);
    recent.hear([message(5)]);
    recent.follow('ann', cursor(4));
    recent.hear([message(6)]);
    assert.deepEqual(positions(recent, 4), [5, 6]);
  });

  it('leave out a receipt that a later one supersedes', () => {
    const recent = following(4);
    recent.hear([receipt(5), message(6), { ...receipt(7), supersedes: 5 }]);
    assert.deepEqual(positions(recent, 4), [6, 7]);
    assert.deepEqual(positions(recent, 5), [6, 7], 'its place and tag stay');
  });

  it('say that there is more than was asked for', () => {
    const recent = following(4);
    recent.hear([message(5), message(6), message(7)]);
    const page = recent.after('ann', cursor(4), 2);
    assert.deepEqual(page?.kind === 'events' && [page.cursor, page.more], [cursor(6), true]);
  });

  it('lose the oldest of an inbox first, and answer nobody who is behind those', () => {
    const recent = following(4, { mostEventsEach: 2 });
    recent.hear([message(5), message(6), message(7)]);
    assert.equal(positions(recent, 4), undefined);
    assert.deepEqual(positions(recent, 5), [6, 7]);
  });

  it('take no more room than they may, of one inbox and of all', () => {
    const recent = following(4, { mostBytes: 4_000, mostBytesEach: 2_000 });
    recent.hear([message(5, 'x'.repeat(3_000)), message(6)]);
    assert.equal(positions(recent, 4), undefined);
    assert.deepEqual(positions(recent, 5), [6]);
    for (const other of ['bob', 'cyd', 'dan']) {
      recent.follow(other, cursor(0));
      recent.hear([{ ...message(1, 'x'.repeat(1_000)), personId: other }]);
    }
    assert.equal(positions(recent, 5), undefined, 'the inbox in which nothing was said for the longest time');
    assert.notEqual(recent.after('dan', cursor(0), 10), undefined);
  });

  it('are all forgotten when texts were taken away', () => {
    const recent = following(4);
    recent.hear([message(5)]);
    recent.forgetAll();
    assert.equal(positions(recent, 4), undefined);
  });
});

function following(position: number, limits: Partial<RecentLimits> = {}): RecentEvents {
  const recent = new RecentEvents(epoch, limits);
  recent.follow('ann', cursor(position));
  return recent;
}

function tagOf(position: number): string {
  return position.toString(16).padStart(12, '0');
}

function cursor(position: number): string {
  return formatEventId({ epoch, position, tag: tagOf(position) });
}

function message(position: number, text = 'hello'): WrittenEvent {
  return { personId: 'ann', position, tag: tagOf(position), kind: 'inbox', json: JSON.stringify({ text }) };
}

function receipt(position: number): WrittenEvent {
  return { ...message(position), kind: 'receipt' };
}

function positions(recent: RecentEvents, after: number): number[] | undefined {
  const page = recent.after('ann', cursor(after), 10);
  if (page === undefined) return undefined;
  assert.equal(page.kind, 'events');
  return page.events.map(({ id }) => Number(id.split('.')[1]));
}
