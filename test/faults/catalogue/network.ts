/** The way between device and server. */
import { model, soak, type Row } from './rows.ts';

export const networkRows: Row[] = [
  {
    id: 'N1',
    fault: 'a stream breaks in the middle of an event',
    by: [
      ['faults/stream-cuts.test.ts', 'brings every message once, in order, and leaves nothing half done'],
      ['faults/stream-bytes.test.ts', 'reads the same to an EventSource that nobody here wrote'],
      ['e2e/main-job.spec.ts', 'resumes from Last-Event-ID after a cut in the middle of a frame'],
    ],
  },
  {
    id: 'N2',
    fault: 'a connection is dead, and nobody says so',
    by: [
      ['e2e/networks.spec.ts', 'a connection that the network has forgotten is noticed by its silence'],
      soak,
      model,
    ],
  },
  {
    id: 'N3',
    fault: 'a replay stops in the middle',
    by: [['e2e/networks.spec.ts', 'a replay that stops in the middle goes on from where it was']],
  },
  { id: 'N4', fault: 'a reset inside of a request, or of its answer', by: [model, soak] },
  {
    id: 'N5',
    fault: 'a proxy holds the stream back',
    by: [
      ['e2e/networks.spec.ts', 'behind a proxy that holds streams back, news comes by asking'],
      ['e2e/networks.spec.ts', 'an app that is opened behind such a proxy catches up'],
    ],
  },
  {
    id: 'N6',
    fault: 'a proxy ends silent connections',
    by: [['e2e/networks.spec.ts', 'idle ones are kept by the heartbeat']],
  },
  {
    id: 'N7',
    fault: 'a proxy ends old connections',
    by: [['e2e/networks.spec.ts', 'connections that a proxy cuts at a certain age cost nobody anything']],
  },
  {
    id: 'N8',
    fault: 'a captive portal answers what was sent',
    by: [
      ['e2e/networks.spec.ts', 'a portal that answers for the server gets nothing and spoils nothing'],
      model,
    ],
  },
  {
    id: 'N9',
    fault: 'a captive portal answers in place of the stream',
    by: [
      ['e2e/networks.spec.ts', 'a portal that answers for the server gets nothing and spoils nothing'],
      model,
    ],
  },
  {
    id: 'N10',
    fault: 'the server cannot be reached',
    by: [['e2e/networks.spec.ts', 'a server that is away is not hammered']],
  },
  {
    id: 'N11',
    fault: 'a proxy answers with 502, 503, 504 or 429',
    by: [
      ['e2e/networks.spec.ts', 'whatever a proxy answers while the server is away'],
      ['e2e/networks.spec.ts', 'a server that asks to be left alone for a while is'],
      model,
    ],
  },
  {
    id: 'N12',
    fault: 'a request arrives twice',
    by: [['e2e/networks.spec.ts', 'a request that the network says twice makes one message'], model],
  },
  { id: 'N13', fault: 'a request arrives after a later one', by: [model] },
  {
    id: 'N14',
    fault: 'a very slow line',
    by: [
      ['e2e/networks.spec.ts', 'over a slow line what waits goes out without being sent again and again'],
      ['client/slow-line.test.ts', 'sends over a line that is just fast enough'],
    ],
  },
  {
    id: 'N15',
    fault: 'a network that comes and goes',
    by: [['e2e/networks.spec.ts', 'a network that comes and goes every other second is survived'], soak],
  },
  {
    id: 'N16',
    fault: 'another address in the middle of a stream',
    by: [
      [
        'e2e/networks.spec.ts',
        'a message that waits on a dead connection goes out as soon as the network is back',
      ],
      ['server/event-stream.test.ts', 'ends the older stream of a page when that page opens a newer one'],
    ],
  },
  {
    id: 'N17',
    fault: 'something on the way compresses the stream',
    by: [
      ['e2e/networks.spec.ts', 'behind a proxy that holds streams back, news comes by asking'],
      ['server/event-stream.test.ts', 'begins with ack, whose id is the head if no position was given'],
    ],
  },
];
