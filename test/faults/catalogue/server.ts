/** The server, its disk and its clock. */
import { model, soak, type Row } from './rows.ts';

export const serverRows: Row[] = [
  {
    id: 'S1',
    fault: 'killed at any step of a send',
    by: [
      ['faults/kill-under-load.test.ts', 'has everything that it acknowledged, once and in order'],
      ['server/sqlite-store.test.ts', 'has every message that it acknowledged before it was killed'],
      soak,
    ],
  },
  {
    id: 'S2',
    fault: 'power is lost at any write',
    by: [
      ['faults/power-cut.test.ts', 'loses nothing that was acknowledged, at any write'],
      ['faults/power-cut.test.ts', 'would show a server that'],
    ],
  },
  {
    id: 'S3',
    fault: 'a mistake in what the promises rest on goes unnoticed',
    by: [['mutants.test.ts', 'are at least fifteen, and each promise has some']],
    missing: 'in `npm test` all but those of the power cut: `npm run mutants` plays them',
  },
  {
    id: 'S4',
    fault: 'the disk is full',
    by: [
      ['server/sqlite-commit.test.ts', 'rejects all of them as StorageFull would, and keeps nothing'],
      ['faults/disk-full.test.ts', 'acknowledges nothing that it has no room for, reads on, and goes on'],
      model,
    ],
  },
  {
    id: 'S5',
    fault: 'another program holds the database',
    by: [
      [
        'server/sqlite-commit.test.ts',
        'says that it may be tried again when another program holds the database',
      ],
      ['faults/foreign-programs.test.ts', 'is waited for, and nobody notices, when it lets go soon'],
      ['faults/foreign-programs.test.ts', 'costs a 503 for everything that waits when it does not'],
    ],
  },
  {
    id: 'S6',
    fault: 'a long reader holds back the checkpoint',
    by: [['faults/foreign-programs.test.ts', 'makes the log grow, which is told once, and it shrinks again']],
  },
  {
    id: 'S7',
    fault: 'the disk fails',
    by: [
      ['server/sqlite-commit.test.ts', 'lets an I/O error through, and acknowledges nothing'],
      ['faults/disk-errors.test.ts', 'acknowledges nothing for a failed'],
      ['faults/disk-errors.test.ts', 'while the log is copied back; the log has what was acknowledged'],
      [
        'server/sqlite-store.test.ts',
        'acknowledges nothing more and reports it when its database is no database',
      ],
    ],
  },
  {
    id: 'S8',
    fault: 'the database is damaged',
    by: [
      ['faults/damaged-database.test.ts', 'is served no longer when it is found damaged'],
      ['faults/damaged-database.test.ts', 'ends the server also when reading comes upon the damage'],
      ['faults/damaged-database.test.ts', 'is told in a sentence by the start, not in a stack'],
    ],
  },
  {
    id: 'S9',
    fault: 'told to stop',
    by: [
      ['faults/orderly-end.test.ts', 'answers what is under way, lets nobody new in'],
      ['faults/orderly-end.test.ts', 'has answered everything that it took'],
      ['server/event-stream.test.ts', 'ends each stream cleanly with a time of its own to come back'],
    ],
  },
  {
    id: 'S10',
    fault: 'a thousand devices come back at once',
    by: [
      [
        'faults/restart-storm.test.ts',
        'has them back within 10 s, no more than a fifth of them in any second',
      ],
    ],
  },
  {
    id: 'S11',
    fault: 'readers that do not read',
    by: [['faults/slow-reader.test.ts', 'cost a bounded amount of memory and delay nobody else']],
  },
  {
    id: 'S12',
    fault: 'the data goes back to an older copy',
    by: [
      model,
      ['e2e/restored.spec.ts', 'a restored backup: both devices bring back what it lacks'],
      ['server/sqlite-store.test.ts', 'tells a cursor from a future that a restored backup has lost'],
      ['faults/rollbacks.test.ts', 'is told by every cursor of a lost future'],
      ['server/restore.test.ts', 'begins another life with what was in the backup'],
    ],
  },
  {
    id: 'S13',
    fault: 'a copy is taken while it runs',
    by: [
      ['server/backup.test.ts', 'of a running server has all that was acknowledged before it began'],
      ['server/backup.test.ts', 'is whole or not there when it is killed at any moment'],
    ],
  },
  {
    id: 'S14',
    fault: 'older than what is kept',
    by: [
      ['e2e/restored.spec.ts', 'retention: the device takes a snapshot and goes on'],
      ['server/retention.test.ts', 'says retention to each older one'],
      ['server/retention.test.ts', 'still takes effect once: sent again it is a duplicate'],
      ['client/restored.test.ts', 'where a device was away for longer than anything is kept'],
      model,
    ],
  },
  {
    id: 'S15',
    fault: 'a cursor that is garbage, or another’s',
    by: [
      ['server/event-stream.test.ts', 'says reset, never silence and never others’ events'],
      ['server/store-contract/log.ts', 'meets any garbage as a cursor with a reset'],
    ],
  },
  {
    id: 'S16',
    fault: 'the clock of the server jumps',
    by: [
      model,
      ['faults/clock-jumps.test.ts', 'keeps the order, the sessions and the open streams'],
      [
        'faults/clock-jumps.test.ts',
        'still knows everybody, and every cursor, when it starts with another hour',
      ],
    ],
  },
  {
    id: 'S17',
    fault: 'a thread of the store dies',
    by: [
      ['faults/dead-thread.test.ts', 'is ended from outside, under load, and nothing is lost'],
      ['faults/dead-thread.test.ts', 'ends the process when the writer throws between commit and answer'],
      [
        'server/sqlite-store.test.ts',
        'acknowledges nothing more and reports it when its database is no database',
      ],
    ],
  },
  {
    id: 'S18',
    fault: 'the server is busy for two seconds',
    by: [
      ['faults/busy-server.test.ts', 'keeps its streams and loses nothing, and no device takes it for dead'],
    ],
  },
  {
    id: 'S19',
    fault: 'no file descriptor is left',
    by: [['faults/no-descriptors.test.ts', 'goes on for those who have a connection, lets new ones go']],
  },
  {
    id: 'S20',
    fault: 'the primary database fails over',
    by: [
      [
        'faults/failover.test.ts',
        'loses nothing that was acknowledged where a standby has each commit, and is followed by it',
      ],
    ],
  },
  {
    id: 'S21',
    fault: 'the signals of other machines fail',
    by: [
      ['server/several-nodes.test.ts', 'deliver within two seconds where one'],
      ['faults/cluster.test.ts', 'lose nothing, and say everything once and in order'],
    ],
  },
  {
    id: 'S22',
    fault: 'one machine is cut off from the signals',
    by: [
      ['server/several-nodes.test.ts', 'deliver within two seconds where one'],
      ['server/shared-log-watch.test.ts', 'looks every two seconds, and every second while there is no link'],
      ['faults/cluster.test.ts', 'lose nothing, and say everything once and in order'],
    ],
  },
  {
    id: 'S23',
    fault: 'two servers on the same data',
    by: [
      ['server/sqlite-store.test.ts', 'refuses a data folder that another server works on'],
      ['server/second-server.test.ts', 'says in a sentence that another server has the data folder'],
    ],
  },
  {
    id: 'S24',
    fault: 'data of another version',
    by: [
      ['server/sqlite-store.test.ts', 'refuses data of a newer version, and leaves it as it is'],
      ['server/migrations.test.ts', 'is all there after it was brought to'],
      ['server/migrations.test.ts', 'is as it was when the server was killed on the way'],
    ],
  },
];
