/**
 * What every store must do, promise by promise. A store runs it by `describeEventStore(name, open)`,
 * where `open` gives an empty store and the means to take it away again.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { EventStore } from '../../server/store/event-store.ts';
import { describeDeleted } from './store-contract/deleted.ts';
import { describeDevices } from './store-contract/devices.ts';
import { describeLog } from './store-contract/log.ts';
import { describeMessages } from './store-contract/messages.ts';
import { describePeace } from './store-contract/peace.ts';
import { describePersons } from './store-contract/persons.ts';
import { describeReceipts } from './store-contract/receipts.ts';
import { describeSnapshots } from './store-contract/snapshots.ts';
import { at, draftTo, Stage } from './store-contract/stage.ts';

export interface OpenedStore {
  store: EventStore;
  addDevice: Stage['addDevice'];
  remove: () => Promise<void>;
}

export function describeEventStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(name, () => {
    const stage = new Stage();
    let remove: () => Promise<void>;

    before(async () => {
      const opened = await open();
      stage.store = opened.store;
      stage.addDevice = opened.addDevice;
      remove = opened.remove;
    });
    after(() => remove());

    describePersons(stage);
    describeDevices(stage);
    describeDeleted(stage);
    describeMessages(stage);
    describeLog(stage);
    describeReceipts(stage);
    describePeace(stage);
    describeSnapshots(stage);

    it('refuses what is asked for a person that it does not have', async () => {
      const nobody = randomUUID();
      const draft = draftTo(stage.newNick('x'), 'x');
      await assert.rejects(stage.store.append(nobody, [draft], at), /no person/);
      await assert.rejects(stage.store.readInbox(nobody, 'x', 1), /no person/);
      await assert.rejects(stage.store.snapshot(nobody), /no person/);
      assert.equal(await stage.store.person(nobody), undefined);
    });
  });
}
