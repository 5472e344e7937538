/** A disk that is full, and has room again: a real file system, a real server, devices that try again. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { ChildServer } from '../support/child-server.ts';
import { mountSmallDisk } from '../support/disk/small-disk.ts';
import { ApiPerson } from '../support/person.ts';
import { SseReader } from '../support/sse-reader.ts';
import { SteadyDevice, textsBetween } from '../support/steady-device.ts';

const refusalsSeen = 30;
const disk = mountSmallDisk(8);
let server: ChildServer | undefined;
after(async () => {
  await server?.kill();
  if (disk.missing === undefined) disk.remove();
});

describe('a full disk', { skip: disk.missing ?? false, timeout: 120_000 }, () => {
  it('acknowledges nothing that it has no room for, reads on, and goes on when there is room', async () => {
    if (disk.missing !== undefined) return;
    server = await ChildServer.start({ dataDir: disk.folder, env: { HEARTBEAT_MS: '500' } });
    const { url } = server;
    const [bob, ...senders] = await Promise.all(
      ['bob', 'ann', 'cleo', 'dan'].map((nick) => ApiPerson.signIn(url, nick)),
    );
    const devices = senders.map((sender) => new SteadyDevice(sender, bob!));
    const stream = await SseReader.open(bob!);
    const received: string[] = [];
    let heartbeats = 0;
    const following = (async () => {
      for (;;) {
        const event = await stream.next();
        if (event?.event === 'inbox') received.push(String(event.data['text']));
        if (event?.event === 'heartbeat') heartbeats += 1;
      }
    })();
    await until(() => heartbeats > 0);
    const over = new AbortController();
    const sending = devices.map((device, n) =>
      device.sendUntil(over.signal, (count) => `${senders[n]!.me.nick} ${count} ${'x'.repeat(1_000)}`),
    );
    await until(() => devices.every(({ acknowledged }) => acknowledged.length > 20));

    disk.fill();
    const refusals = () => devices.flatMap((device) => device.refusals);
    await until(() => refusals().length > refusalsSeen);
    assert.ok(
      refusals().every(
        ({ status, code, retryAfter }) => status === 503 && code === 'storage_full' && Number(retryAfter) > 0,
      ),
      JSON.stringify(refusals().at(-1)),
    );
    await server.says(/disk is full/);
    assert.equal(server.lines(/disk is full/).length, 1, 'told once, not for each request');
    assert.equal((await bob!.sync()).conversations.length, senders.length, 'reading goes on');
    const heartbeatsBefore = heartbeats;
    await until(() => heartbeats > heartbeatsBefore + 1);
    const newcomer = await bob!.request('/api/session', { json: { nick: 'newcomer' } });
    assert.equal(newcomer.status, 503, 'whoever comes anew is told the same');

    disk.makeRoom();
    const before = devices.map(({ acknowledged }) => acknowledged.length);
    await until(() => devices.every(({ acknowledged }, n) => acknowledged.length > before[n]! + 20));
    await server.says(/accepts again/);
    over.abort();
    await Promise.all(sending);

    for (const [n, device] of devices.entries()) {
      assert.deepEqual(await textsBetween(bob!, senders[n]!), device.acknowledged, 'each once, in order');
    }
    const all = devices.flatMap(({ acknowledged }) => acknowledged);
    await until(() => received.length >= all.length);
    assert.deepEqual(
      received.toSorted(),
      all.toSorted(),
      'the stream that was open all the time has each once',
    );
    stream.close();
    await assert.rejects(following, { name: 'AbortError' });
    assert.deepEqual(server.fatalLines(), []);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}
