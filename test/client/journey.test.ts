import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FlushState, OutboxRow } from '../../client/store/database.ts';
import type { MessageDetails } from '../../client/store/message-details.ts';
import type { ThreadMessage } from '../../client/store/thread.ts';
import { isClockWrong, journeyOf, triesText } from '../../client/ui/journey.ts';
import { nextTryText, refusalText, troubleText } from '../../client/ui/why-waiting.ts';
import '../support/english.ts';

const at = (time: string) => `2026-05-03T${time}:00.000Z`;
const ms = (time: string) => Date.parse(at(time));

const queued: ThreadMessage = {
  id: 'message',
  from: 'ben',
  fromId: 'id-of-ben',
  to: 'ana',
  toId: 'id-of-ana',
  peerId: 'id-of-ana',
  text: 'from the tunnel',
  composedAt: at('14:02'),
  place: 2 ** 40,
  state: 'queued',
};
const sent: ThreadMessage = {
  ...queued,
  state: 'sent',
  seq: 7,
  place: 7,
  acceptedAt: at('14:31'),
  tries: 3,
  leftAt: ms('14:31'),
};

function journey(message: ThreadMessage, more: Partial<MessageDetails> = {}, myId = 'id-of-ben'): string[] {
  return journeyOf({ message, nick: 'ana', ...more }, myId).map(
    ({ what, isReached, isLatest, at: time, note }) =>
      [what, isLatest ? 'by' : '', isReached ? (time?.slice(11, 16) ?? 'reached') : 'ahead', note ?? '']
        .join(' ')
        .replaceAll(/ +/g, ' ')
        .trim(),
  );
}

describe('the journey of a message', () => {
  it('is told to its end', () => {
    const message: ThreadMessage = { ...sent, state: 'read' };
    assert.deepEqual(journey(message, { deliveredAt: at('14:33'), readAt: at('14:40') }), [
      'written 14:02',
      'left 14:31 third try',
      'onServer 14:31',
      'onTheirs 14:33',
      'read 14:40',
    ]);
  });

  it('shows what is still ahead', () => {
    const waiting = { attempts: 2, status: 'queued' } as OutboxRow;
    assert.deepEqual(journey({ ...queued, waiting }), [
      'written 14:02',
      'left ahead tried twice',
      'onServer ahead',
      'onTheirs ahead',
      'read ahead',
    ]);
    assert.deepEqual(journey(sent).slice(2), ['onServer 14:31', 'onTheirs ahead', 'read ahead']);
  });

  it('says that a time is the latest there can be, where one receipt brought both', () => {
    const both = { deliveredAt: at('14:40'), readAt: at('14:40') };
    assert.deepEqual(journey({ ...sent, state: 'read' }, both).slice(3), ['onTheirs by 14:40', 'read 14:40']);
  });

  it('shows a step whose time nobody knows as reached', () => {
    assert.deepEqual(journey({ ...sent, state: 'read' }).slice(3), ['onTheirs reached', 'read reached']);
  });

  it('leaves out how it left another device, and mentions no first try', () => {
    const { tries: _, leftAt: __, ...elsewhere } = sent;
    assert.equal(journey(elsewhere)[1], 'onServer 14:31');
    assert.equal(journey({ ...sent, tries: 1 })[1], 'left 14:31');
    assert.equal(journey({ ...sent, tries: 12 })[1], 'left 14:31 12th try');
  });

  it('of a note to oneself ends on the server', () => {
    assert.equal(journey({ ...sent, peerId: 'id-of-ben', toId: 'id-of-ben' }).at(-1), 'onServer 14:31');
  });

  it('of a message of somebody else ends here', () => {
    const { state: _, ...message } = { ...sent, arrivedAt: ms('14:33') };
    assert.deepEqual(journey(message, {}, 'id-of-ana'), [
      'written 14:02',
      'onServer 14:31',
      'onThisDevice 14:33',
    ]);
  });

  it('does not hide a clock that was ahead', () => {
    assert.equal(isClockWrong({ message: sent, nick: 'ana' }), false);
    assert.equal(isClockWrong({ message: { ...sent, composedAt: at('14:40') }, nick: 'ana' }), true);
    assert.equal(isClockWrong({ message: { ...sent, leftAt: ms('15:31') }, nick: 'ana' }), true);
    assert.equal(isClockWrong({ message: queued, nick: 'ana' }), false);
  });
});

describe('why something waits', () => {
  const flush: FlushState = { failures: 1, nextTryAt: 24_000, holdUntil: 0, batchLimit: 100, why: 'offline' };

  it('is said in calm words, with the time until the next try', () => {
    assert.equal(troubleText(flush), 'No network');
    assert.equal(nextTryText(flush, 0), 'next try in 24 s');
    assert.equal(nextTryText(flush, 23_001), 'next try in 1 s');
    assert.equal(nextTryText(flush, 24_000), 'trying…');
    assert.equal(nextTryText({ ...flush, why: 'busy', holdUntil: 600_000 }, 0), 'next try in 10 min');
    assert.equal(nextTryText({ ...flush, why: 'signed-out' }, 0), 'sent once you pick your nick again');
    assert.equal(nextTryText({ ...flush, why: null, nextTryAt: 0 }, 0), 'being sent…');
    assert.equal(troubleText({ ...flush, why: null }), undefined);
  });

  it('counts the tries', () => {
    assert.deepEqual([0, 1, 2, 3].map(triesText), [
      'not tried yet',
      'tried once',
      'tried twice',
      'tried 3 times',
    ]);
  });

  it('says something of every refusal, also one that is not known here', () => {
    assert.equal(refusalText({ code: 'unknown_person', detail: 'x' }), 'Nobody has this nick any more.');
    assert.equal(refusalText({ code: 'cross_site', detail: 'Not from here.' }), 'Not from here.');
    assert.equal(refusalText(undefined), 'The server did not take it.');
  });
});
