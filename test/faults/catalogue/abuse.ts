/** What strangers send. */
import type { Row } from './rows.ts';

export const abuseRows: Row[] = [
  {
    id: 'A1',
    fault: 'a body without end',
    by: [
      ['faults/hostile-requests.test.ts', 'is refused before it is read, where it says how long it is'],
      [
        'faults/hostile-requests.test.ts',
        'is refused where it is longer than any may be, and its connection ends',
      ],
      ['faults/hostile-requests.test.ts', 'is not read at all where it is a stranger’s'],
      ['faults/abuse.test.ts', 'bodies of 10 MB'],
    ],
  },
  {
    id: 'A2',
    fault: 'a body that unpacks without end',
    by: [
      ['faults/hostile-requests.test.ts', 'is not unpacked'],
      ['faults/abuse.test.ts', 'bombs'],
    ],
  },
  {
    id: 'A3',
    fault: 'somebody who says or hears everything slowly',
    by: [
      [
        'faults/hostile-requests.test.ts',
        'is let go within 10 s: who says nothing, half a line, or a header now and then',
      ],
      [
        'faults/hostile-requests.test.ts',
        'is let go when his body takes too long, and who takes nothing of an answer, too',
      ],
      ['server/connections-per-address.test.ts', 'has so many connections and no more'],
      ['faults/abuse.test.ts', 'drips on 500 sockets'],
    ],
  },
  {
    id: 'A4',
    fault: 'headers without end',
    by: [['faults/hostile-requests.test.ts', 'have 8 KiB, whatever they are']],
  },
  {
    id: 'A5',
    fault: 'two requests in the clothes of one',
    by: [['faults/hostile-requests.test.ts', 'are refused together']],
  },
  {
    id: 'A6',
    fault: 'text that looks like the framing of the stream',
    by: [
      ['faults/any-text.test.ts', 'comes out of the stream as it went in, in order, as one event'],
      ['faults/any-text.test.ts', 'an EventSource that nobody here wrote reads the same'],
      ['faults/stream-bytes.test.ts', 'is of the form that everybody reads in the same way'],
      ['faults/stream-format.test.ts', 'any text is one event, and comes out as it went in'],
    ],
  },
  {
    id: 'A7',
    fault: 'text that is no text',
    by: [
      ['faults/json-bodies.test.ts', 'is UTF-8 that is valid, whatever it says of itself'],
      ['faults/any-text.test.ts', 'comes out of the stream as it went in, in order, as one event'],
      ['protocol/text.test.ts', 'may have newlines and tabs, and no other control and no half character'],
      [
        'e2e/hostile-texts.spec.ts',
        'a link reads from left to right, and what stacks covers no other message',
      ],
      ['e2e/hostile-texts.spec.ts', 'in an address it is no name, and turns nothing around it'],
      ['client/message-text.test.ts', 'the beginning of a text is none of a character’s half'],
    ],
  },
  {
    id: 'A8',
    fault: 'text that looks like a page',
    by: [
      ['server/page-files.test.ts', 'is fenced in: nothing from elsewhere, nothing inline'],
      ['faults/any-text.test.ts', 'comes out of the stream as it went in, in order, as one event'],
      ['e2e/hostile-texts.spec.ts', 'what strangers send is shown as it is'],
      [
        'e2e/hostile-texts.spec.ts',
        'in a bubble: its text, its links, what was searched for, and why it was refused',
      ],
      ['e2e/hostile-texts.spec.ts', 'where it can be written on: the editor of what waits'],
      ['e2e/hostile-texts.spec.ts', 'as a result of the search'],
      ['e2e/hostile-texts.spec.ts', 'as a name: in notices, bars and sheets'],
      ['e2e/hostile-device.spec.ts', 'on the device: lists, drafts, what waits, and the sheets about them'],
    ],
  },
  {
    id: 'A9',
    fault: 'links that are programs',
    by: [
      ['client/message-text.test.ts', 'nothing but http and https becomes a link'],
      ['client/message-text.test.ts', 'and no link leaves http'],
      ['client/message-text.test.ts', 'a link ends before what would turn its letters'],
      ['client/message-text.test.ts', 'an address with a name before its host stays a text'],
      [
        'e2e/hostile-texts.spec.ts',
        'in a bubble: its text, its links, what was searched for, and why it was refused',
      ],
    ],
  },
  {
    id: 'A10',
    fault: 'another site asks in one’s name',
    by: [
      ['e2e/other-origin.spec.ts', 'does nothing in one’s name, and hears nothing'],
      ['server/access-matrix.test.ts', 'a preflight is refused, and a method that no route has is not there'],
      ['server/http-api.test.ts', 'may write, and open a stream, only from the same origin'],
    ],
  },
  {
    id: 'A11',
    fault: 'a session that somebody else chose',
    by: [
      ['server/devices.test.ts', 'what a cookie said before is not taken over'],
      ['server/devices.test.ts', 'is a new one for whoever was somebody before'],
    ],
  },
  {
    id: 'A12',
    fault: 'a session that has ended',
    by: [
      ['server/sessions.test.ts', 'is nobody’s, and its streams end within a second'],
      ['server/sessions.test.ts', 'opens no stream that was asked for in the same moment'],
      ['server/sessions.test.ts', 'does not come back by who asked the store before it ended'],
      ['server/event-stream.test.ts', 'ends with the session'],
      ['server/devices.test.ts', '401 from then on, and its stream within a second'],
      ['e2e/devices.spec.ts', 'a page whose device was signed out elsewhere says so at once'],
    ],
  },
  {
    id: 'A13',
    fault: 'the id of another message',
    by: [
      ['server/http-api.test.ts', 'the same id with another body is refused'],
      ['server/store-contract/messages.ts', 'takes the same id of two senders for two messages'],
    ],
  },
  {
    id: 'A14',
    fault: 'asking for what is another’s',
    by: [
      ['server/access-matrix.test.ts', 'is said of every route that there is, and of no other'],
      ['server/access-matrix.test.ts', 'nobody has changed anything between ann and bob but ann'],
      ['server/access-matrix.test.ts', 'what is another’s looks like what is not there'],
    ],
  },
  {
    id: 'A15',
    fault: 'guessing who there is',
    by: [
      ['server/sessions.test.ts', 'learns nothing from the answer, nor from the time it takes'],
      ['server/limits.test.ts', 'has 6 snapshots a minute, 30 searches, and lists enough to look at'],
    ],
  },
  {
    id: 'A16',
    fault: 'a nick that looks like another’s',
    by: [
      ['server/nicks.test.ts', 'a nick that looks like another’s'],
      ['server/nicks.test.ts', 'also when each writes it in another way'],
      [
        'server/store-contract/persons.ts',
        'gives a nick to one person, whatever its case or look-alike letters',
      ],
      [
        'server/store-contract/persons.ts',
        'gives a nick to nobody while it looks in its capitals like another’s',
      ],
      ['server/devices.test.ts', 'in whatever letters and signs'],
    ],
  },
  {
    id: 'A17',
    fault: 'a hundred who want the same nick at once',
    by: [
      ['server/nicks.test.ts', 'is exactly one person’s, the others are told that it is taken'],
      ['server/store-contract/persons.ts', 'lets exactly one of a hundred have a nick that all want at once'],
    ],
  },
  {
    id: 'A18',
    fault: 'writing to everybody',
    by: [
      ['server/limits.test.ts', 'has a bucket of messages that a batch may take into debt'],
      ['server/peace.test.ts', 'refuse first messages to strangers after 50 a day, and nothing else'],
      ['e2e/peace.spec.ts', 'a stranger waits in a section of their own until they are accepted'],
      ['faults/abuse.test.ts', 'floods'],
    ],
  },
  { id: 'A19', fault: 'guessing a code that links devices', cannot: 'there are no such codes' },
  {
    id: 'A20',
    fault: 'names that mean something to the language',
    by: [
      ['server/nicks.test.ts', 'is a nick like any other: it writes, is written to, found, and read'],
      ['server/nicks.test.ts', 'is no name in a body either: what is called so is passed over'],
      ['faults/any-string.test.ts', 'nobody’s objects have changed by it'],
      ['e2e/hostile-texts.spec.ts', 'as a name: in notices, bars and sheets'],
      ['e2e/hostile-texts.spec.ts', 'in an address it is no name, and turns nothing around it'],
    ],
  },
  {
    id: 'A21',
    fault: 'JSON that is deep, huge or double',
    by: [
      ['faults/json-bodies.test.ts', 'of any depth is read or refused, and nothing falls over'],
      ['faults/json-bodies.test.ts', 'with numbers that are none is refused where they count'],
      ['faults/json-bodies.test.ts', 'is little for every body that is refused'],
      ['faults/json-bodies.test.ts', 'with a name that is there twice is refused'],
      ['faults/json-bodies.test.ts', 'is little for names that are looked for twice'],
    ],
  },
  {
    id: 'A22',
    fault: 'text that makes a pattern slow',
    by: [
      ['faults/json-bodies.test.ts', 'is little for every nick and text, however it is made'],
      ['client/message-text.test.ts', 'looking for links takes 5 ms at most for any 16 KiB'],
    ],
  },
  {
    id: 'A23',
    fault: 'another script as the worker',
    by: [
      ['server/page-files.test.ts', 'has a worker in two forms'],
      ['server/page-files.test.ts', 'lets no other script become a worker'],
    ],
  },
  { id: 'A24', fault: 'a push address inside of the network', cannot: 'there is no push' },
  {
    id: 'A25',
    fault: 'more streams than anybody needs',
    by: [
      ['server/limits.test.ts', 'has 20 streams, also when all are opened at once'],
      ['server/limits.test.ts', 'has 2,000 streams and polls, whoever they are of'],
      ['server/limits.test.ts', 'has 60 stream openings a minute; the next is told to come back later'],
      ['server/limits.test.ts', 'has 20 polls that wait; the next is answered at once'],
      ['server/limits.test.ts', 'asks who one is 120 times at once, and for events 600 times'],
    ],
  },
  {
    id: 'A26',
    fault: 'secrets in the log',
    by: [['faults/quiet-log.test.ts', 'is JSON, line by line, and holds no token, no text, no nick']],
  },
];
