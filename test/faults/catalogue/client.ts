/** The device: tabs, browsers, their storage and their clocks. */
import { model, soak, type Row } from './rows.ts';

export const clientRows: Row[] = [
  {
    id: 'C1',
    fault: 'a tab dies while it writes a message down',
    by: [
      ['e2e/app-closed.spec.ts', 'a page that crashes in the moment of sending'],
      model,
      ['client/outbox.test.ts', 'takes a message and ends its draft in one write'],
    ],
  },
  {
    id: 'C2',
    fault: 'the whole browser dies',
    by: [['e2e/app-closed.spec.ts', 'the whole browser is killed right after sending'], model, soak],
  },
  {
    id: 'C3',
    fault: 'the worker dies while it flushes',
    by: [
      ['e2e/app-closed.spec.ts', 'a worker that is stopped between sending and hearing back'],
      ['e2e/app-closed.spec.ts', 'a worker that hangs keeps nothing back'],
      ['client/flush-turn.test.ts', 'passes over a holder without a sign of life'],
    ],
  },
  {
    id: 'C4',
    fault: 'the answer is lost after the commit',
    by: [
      model,
      ['e2e/main-job.spec.ts', 'an answer that was lost after the commit does not make a second message'],
    ],
  },
  {
    id: 'C5',
    fault: 'offline between two messages',
    by: [model, ['e2e/main-job.spec.ts', 'one walks into a tunnel, writes on']],
  },
  {
    id: 'C6',
    fault: 'the device is full',
    by: [model, ['e2e/storage.spec.ts', 'a full device: the text stays in the composer']],
  },
  {
    id: 'C7',
    fault: 'a newer version waits for an older tab to let go of the database',
    by: [
      ['e2e/storage.spec.ts', 'a newer version in another tab: the old tab lets go at once'],
      ['e2e/storage.spec.ts', 'a tab that does not let go'],
    ],
  },
  {
    id: 'C8',
    fault: 'the browser stores nothing',
    by: [
      ['e2e/storage.spec.ts', 'a browser that stores nothing'],
      ['client/memory-database.test.ts', 'composes, sends, settles and receives in memory'],
    ],
  },
  {
    id: 'C9',
    fault: 'the database is deleted while it is open',
    by: [model, ['e2e/storage.spec.ts', 'a database that is cleared while it is open']],
  },
  {
    id: 'C10',
    fault: 'everything is evicted but the cookies',
    by: [['e2e/storage.spec.ts', 'everything evicted but the cookies']],
  },
  {
    id: 'C11',
    fault: 'a new worker arrives while the old one flushes',
    by: [['e2e/updates.spec.ts', 'a version is not taken into use while something is being sent']],
  },
  {
    id: 'C12',
    fault: 'an older page with a newer server, and the reverse',
    by: [
      ['e2e/updates.spec.ts', 'a new page starts and goes on with a server that names people by nick alone'],
      ['e2e/updates.spec.ts', 'the server is replaced while a page is open and sending'],
    ],
  },
  {
    id: 'C13',
    fault: 'the clock of the device jumps',
    by: [
      model,
      ['faults/stories.test.ts', 'the clock of the device is then put back by hours'],
      ['client/flush-turn.test.ts', 'does not sleep for a day because the clock was set back by one'],
    ],
  },
  {
    id: 'C14',
    fault: 'suspended for hours',
    by: [['e2e/tabs.spec.ts', 'a tab that was suspended for hours is connected within 2 s']],
  },
  {
    id: 'C15',
    fault: 'the tab with the stream is frozen',
    by: [
      ['e2e/tabs.spec.ts', 'a leader that is still, and knows nothing of it, is replaced'],
      [
        'e2e/tabs.spec.ts',
        'the stream moves within 2 s when its tab closes, crashes, goes elsewhere, is hidden or frozen',
      ],
      ['client/leader-state.test.ts', 'replaces a leader that was silent for 8 s'],
    ],
  },
  {
    id: 'C16',
    fault: 'the tab with the stream is closed, or dies',
    by: [['e2e/tabs.spec.ts', 'the stream moves within 2 s when its tab closes, crashes'], model],
  },
  {
    id: 'C17',
    fault: 'away into the back/forward cache, and back',
    by: [['e2e/tabs.spec.ts', 'out of the back/forward cache: no second stream']],
  },
  {
    id: 'C18',
    fault: 'two tabs lead at once',
    by: [
      ['e2e/tabs.spec.ts', 'and does no harm when it is back'],
      ['client/leader-state.test.ts', 'has a stream exactly while it leads, whatever happens'],
    ],
  },
  {
    id: 'C19',
    fault: 'several tabs send in the same second',
    by: [['e2e/tabs.spec.ts', 'five tabs that send in the same second'], model],
  },
  {
    id: 'C20',
    fault: 'a browser without Background Sync',
    by: [
      ['e2e/app-closed.spec.ts', 'without Background Sync each of the page’s own reasons'],
      ['e2e/plain-http.spec.ts', 'over plain HTTP what waits survives a reload and a cut, and goes out once'],
      model,
    ],
  },
  {
    id: 'C21',
    fault: 'Background Sync gives up',
    by: [['e2e/app-closed.spec.ts', 'a background sync that fails keeps everything']],
  },
  {
    id: 'C22',
    fault: 'the profile of a browser is copied',
    cannot: 'both copies have one session; they are told apart only where a person sees their devices',
  },
  {
    id: 'C23',
    fault: 'signing out while messages wait',
    by: [['e2e/identity.spec.ts', 'signing out asks about what waits']],
  },
  {
    id: 'C24',
    fault: 'another person signs in on the same browser',
    by: [['e2e/identity.spec.ts', 'nothing is sent as them']],
  },
  {
    id: 'C25',
    fault: '50,000 messages are kept on the device',
    by: [['e2e/many-messages.spec.ts', '50,000 messages on the device']],
  },
];
