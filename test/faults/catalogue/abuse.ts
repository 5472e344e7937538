/** What strangers send. */
import type { Row } from './rows.ts';

export const abuseRows: Row[] = [
  {
    id: 'A1',
    fault: 'a body without end',
    by: [['server/http-api.test.ts', 'has at most 256 KiB']],
    missing: 'in chunks, and the memory it takes',
  },
  {
    id: 'A2',
    fault: 'a body that unpacks without end',
    by: [['server/http-api.test.ts', 'has the type and the encoding of JSON']],
  },
  { id: 'A3', fault: 'somebody who says or hears everything slowly' },
  { id: 'A4', fault: 'headers without end' },
  { id: 'A5', fault: 'two requests in the clothes of one' },
  {
    id: 'A6',
    fault: 'text that looks like the framing of the stream',
    by: [
      ['faults/stream-bytes.test.ts', 'is of the form that everybody reads in the same way'],
      ['faults/stream-format.test.ts', 'any text is one event, and comes out as it went in'],
    ],
  },
  {
    id: 'A7',
    fault: 'text that is no text',
    by: [
      ['server/http-api.test.ts', 'is valid UTF-8'],
      ['protocol/text.test.ts', 'may have newlines and tabs, and no other control and no half character'],
    ],
    missing: 'how a page shows what turns and stacks letters',
  },
  {
    id: 'A8',
    fault: 'text that looks like a page',
    by: [['server/page-files.test.ts', 'is fenced in: nothing from elsewhere, nothing inline']],
    missing: 'tried in every place that shows text',
  },
  { id: 'A9', fault: 'links that are programs' },
  {
    id: 'A10',
    fault: 'another site asks in one’s name',
    by: [['server/http-api.test.ts', 'may write, and open a stream, only from the same origin']],
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
    by: [['server/http-api.test.ts', 'is asked for by everything that is somebody’s']],
    missing: 'two persons on every route',
  },
  { id: 'A15', fault: 'guessing who there is' },
  {
    id: 'A16',
    fault: 'a nick that looks like another’s',
    by: [
      [
        'server/store-contract/persons.ts',
        'gives a nick to one person, whatever its case or look-alike letters',
      ],
      ['server/devices.test.ts', 'in whatever letters and signs'],
    ],
  },
  {
    id: 'A17',
    fault: 'a hundred who want the same nick at once',
    by: [
      ['server/store-contract/persons.ts', 'lets exactly one of a hundred have a nick that all want at once'],
    ],
  },
  { id: 'A18', fault: 'writing to everybody' },
  { id: 'A19', fault: 'guessing a code that links devices', cannot: 'there are no such codes' },
  { id: 'A20', fault: 'names that mean something to the language' },
  {
    id: 'A21',
    fault: 'JSON that is deep, huge or double',
    by: [['server/http-api.test.ts', 'refuses a body that is not of the form as a whole']],
    missing: 'depth, and the time it takes',
  },
  { id: 'A22', fault: 'text that makes a pattern slow' },
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
      ['server/event-stream.test.ts', 'does not refuse one stream too many: it is told to come back later'],
    ],
  },
  { id: 'A26', fault: 'secrets in the log' },
];
