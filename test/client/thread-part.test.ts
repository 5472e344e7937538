import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Thread } from '../../client/store/thread.ts';
import { ThreadPart } from '../../client/ui/thread-part.ts';

type Conversation = NonNullable<Thread['conversation']>;

/** A conversation of so many messages, all of them on the device. */
function conversationOf(lastSeq: number, unread = 0): Conversation {
  const progress = { delivered: lastSeq, read: lastSeq - unread };
  return {
    peerId: 'id-of-bob',
    nick: 'bob',
    lastSeq,
    lastAt: new Date(0).toISOString(),
    mine: progress,
    theirs: progress,
    readHere: lastSeq - unread,
    unread,
  };
}

/** What the database answers: the first and the last seq, and the thread as far as the part looks at it. */
function read(part: ThreadPart, conversation: Conversation): { from: number; to: number; thread: Thread } {
  const { most, upTo = conversation.lastSeq } = part.of(conversation);
  const to = Math.min(upTo, conversation.lastSeq);
  const from = Math.max(1, to - most + 1);
  const thread: Thread = {
    messages: [{ seq: to }] as Thread['messages'],
    older: from > 1 ? 'here' : 'none',
    isMoreBelow: to < conversation.lastSeq,
    conversation,
  };
  part.wasRead(thread);
  return { from, to, thread };
}

describe('the part of a thread that is shown', () => {
  it('begins with a screenful of the newest, and grows to a page', () => {
    const part = new ThreadPart();
    const long = conversationOf(7_000);
    let shown = read(part, long);
    assert.deepEqual([shown.from, shown.to], [6_986, 7_000]);
    while (part.fill(shown.thread)) {
      const before = shown;
      shown = read(part, long);
      assert.ok(before.from - shown.from <= 8, 'a few at a time');
    }
    assert.ok(shown.to - shown.from >= 49);
  });

  it('never shows more than a hundred of a long thread, and goes back to the beginning without a hole', () => {
    const part = new ThreadPart();
    const long = conversationOf(1_000);
    let shown = read(part, long);
    while (shown.from > 1) {
      part.addOlder(shown.thread);
      const next = read(part, long);
      assert.ok(next.from < shown.from && next.from >= shown.from - 8);
      assert.ok(next.to - next.from < 100);
      shown = next;
    }
    assert.equal(part.isNewest, false);
  });

  it('comes back to the newest from there, and then follows again', () => {
    const part = new ThreadPart();
    const long = conversationOf(500);
    let shown = read(part, long);
    while (shown.from > 1) {
      part.addOlder(shown.thread);
      shown = read(part, long);
    }
    while (part.addNewer(shown.thread)) {
      const next = read(part, long);
      assert.ok(next.from <= shown.to + 1, 'without a hole');
      assert.ok(next.to - next.from < 100);
      shown = next;
    }
    assert.equal(shown.to, 500);
    assert.equal(part.isNewest, true);
  });

  it('takes nothing away above the reader when new messages come in', () => {
    const part = new ThreadPart();
    const before = read(part, conversationOf(100));
    const after = read(part, conversationOf(110));
    assert.equal(after.from, before.from);
    assert.equal(after.to, 110);
  });

  it('begins where the reader left off, however much came in since', () => {
    const part = new ThreadPart();
    const { from, to, thread } = read(part, conversationOf(2_000, 700));
    assert.equal(part.newFrom, 1_301);
    assert.ok(from < 1_301 && to > 1_301 && to - from < 20);
    assert.equal(thread.isMoreBelow, true);
    part.showNewest();
    assert.equal(read(part, conversationOf(2_000, 700)).to, 2_000);
  });
});
