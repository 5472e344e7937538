/** Where a person is signed in: they see it, and what they end has ended everywhere, at once. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { deviceName } from '../../server/http/device-name.ts';
import type { Device } from '../../server/protocol/requests.ts';
import { onSecondDevice } from '../support/add-device.ts';
import { ApiPerson } from '../support/person.ts';
import { SseReader } from '../support/sse-reader.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

let server: TestServer;
let url: string;
before(async () => {
  server = await startTestServer();
  url = `http://127.0.0.1:${server.port}`;
});
after(() => server.remove());

const devicesOf = async (person: ApiPerson) =>
  ((await (await person.request('/api/devices')).json()) as { devices: Device[] }).devices;
const statusOf = async (person: ApiPerson) => (await person.request('/api/session')).status;

/** How long the stream of somebody took to end once `end` was called; the stream is heard to its end. */
async function endsAfter(person: ApiPerson, end: () => Promise<unknown>): Promise<number> {
  const stream = await SseReader.open(person);
  await stream.nextOf('heartbeat');
  const began = performance.now();
  const ended = (async () => {
    while (await stream.next());
    return performance.now() - began;
  })();
  await end();
  return ended;
}

describe('the devices of a person', () => {
  it('are named by browser and system, and no more of the header is kept', async () => {
    const agent =
      'Mozilla/5.0 (Linux; Android 15; Pixel 9 Pro) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.7778.3 Mobile Safari/537.36';
    const response = await fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'User-Agent': agent },
      body: JSON.stringify({ nick: 'agatha' }),
    });
    const { me } = (await response.json()) as { me: ApiPerson['me'] };
    const agatha = new ApiPerson(url, response.headers.getSetCookie()[0]!.split(';')[0]!, me);
    const [device] = await devicesOf(agatha);
    assert.deepEqual([device!.name, device!.current], ['Chrome on Android', true]);
    assert.ok(Date.parse(device!.since) <= Date.parse(device!.lastUsed));
    for (const file of readdirSync(server.dataDir)) {
      assert.ok(!readFileSync(path.join(server.dataDir, file)).includes('Pixel 9'), file);
    }
  });

  it('are told apart by ids that say nothing of their tokens', async () => {
    const bea = await ApiPerson.signIn(url, 'bea');
    const { device, id } = await onSecondDevice(server, bea);
    const found = await devicesOf(device);
    assert.deepEqual(
      found.map(({ name, current }) => `${name} ${current}`),
      ['Firefox on Linux true', ' false'],
    );
    assert.ok(found.some((each) => each.id === id));
    assert.deepEqual(Object.keys(found[0]!).toSorted(), ['current', 'id', 'lastUsed', 'name', 'since']);
  });

  it('are ended one by one: 401 from then on, and its stream within a second', async () => {
    const cora = await ApiPerson.signIn(url, 'cora');
    const { device, id } = await onSecondDevice(server, cora);
    const tookMs = await endsAfter(device, async () => {
      const response = await cora.request(`/api/devices/${id}`, { method: 'DELETE' });
      assert.equal(response.status, 204);
    });
    assert.ok(tookMs < 1_000, `${tookMs} ms`);
    const again = await device.request('/api/events', { headers: { Accept: 'text/event-stream' } });
    assert.equal(again.status, 401);
    assert.deepEqual([await statusOf(device), await statusOf(cora)], [401, 200]);
    assert.deepEqual(
      (await devicesOf(cora)).map(({ current }) => current),
      [true],
    );
  });

  it('are ended all but the one that asks', async () => {
    const dora = await ApiPerson.signIn(url, 'dora');
    const added = await Promise.all([1, 2, 3].map(() => onSecondDevice(server, dora)));
    const others = added.map(({ device }) => device);
    const polls = others.map((device) =>
      device.request('/api/events?wait=25', { headers: { Accept: 'application/json' } }),
    );
    // They are found, and so wait, once they count as online.
    assert.deepEqual(await Promise.all(others.map(statusOf)), [200, 200, 200]);
    const tookMs = await endsAfter(others[0]!, () => dora.request('/api/devices', { method: 'DELETE' }));
    assert.ok(tookMs < 1_000, `${tookMs} ms`);
    await Promise.all(polls);
    assert.deepEqual(await Promise.all(others.map(statusOf)), [401, 401, 401]);
    assert.equal(await statusOf(dora), 200);
  });

  it('of somebody else are ended by nobody', async () => {
    const [emma, fred] = [await ApiPerson.signIn(url, 'emma'), await ApiPerson.signIn(url, 'fred')];
    const [device] = await devicesOf(emma);
    const response = await fred.request(`/api/devices/${device!.id}`, { method: 'DELETE' });
    assert.equal(response.status, 204, 'as for one that never was');
    assert.equal(await statusOf(emma), 200);
  });

  it('is asked for by nobody who is not signed in', async () => {
    for (const [method, route] of [
      ['GET', '/api/devices'],
      ['DELETE', '/api/devices'],
      ['DELETE', '/api/devices/x'],
      ['GET', '/api/export'],
    ] as const) {
      assert.equal((await fetch(url + route, { method })).status, 401, `${method} ${route}`);
    }
  });
});

describe('a session', () => {
  it('is never one that somebody else chose: what a cookie said before is not taken over', async () => {
    const chosen = 'ot=chosen-by-somebody-else';
    const response = await fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Cookie: chosen },
      body: JSON.stringify({ nick: 'gina' }),
    });
    const given = response.headers.getSetCookie()[0]!.split(';')[0]!;
    assert.notEqual(given, chosen);
    const status = async (Cookie: string) =>
      (await fetch(`${url}/api/session`, { headers: { Cookie } })).status;
    assert.deepEqual([await status(chosen), await status(given)], [401, 200]);
  });

  it('is a new one for whoever was somebody before, whose session says nothing of them', async () => {
    const hana = await ApiPerson.signIn(url, 'hana');
    const response = await fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Cookie: hana.cookie },
      body: JSON.stringify({ nick: 'ines' }),
    });
    const given = response.headers.getSetCookie()[0]!.split(';')[0]!;
    assert.notEqual(given, hana.cookie);
    const { me } = (await (await hana.request('/api/session')).json()) as { me: { nick: string } };
    assert.equal(me.nick, 'hana');
  });

  it('that the same attempt has replaced ends with its stream', async () => {
    const key = crypto.randomUUID();
    const first = await ApiPerson.signIn(url, 'jana', key);
    const tookMs = await endsAfter(first, () => ApiPerson.signIn(url, 'jana', key));
    assert.ok(tookMs < 1_000, `${tookMs} ms`);
    assert.equal(await statusOf(first), 401);
  });

  it('asks the browser at its end to forget what it keeps by itself, and nothing of anybody else', async () => {
    const kira = await ApiPerson.signIn(url, 'kira');
    const response = await kira.request('/api/session', { method: 'DELETE' });
    assert.equal(response.headers.get('Clear-Site-Data'), '"cache"');
  });

  it('is noted as used once in some minutes, and not at each request', async () => {
    let nowMs = Date.UTC(2026, 0, 1);
    const own = await startTestServer({ now: () => new Date(nowMs) });
    try {
      const lena = await ApiPerson.signIn(`http://127.0.0.1:${own.port}`, 'lena');
      const { device } = await onSecondDevice(own, lena);
      // Of the two the other one is shown as it was noted.
      const noted = async () => (await devicesOf(device)).find(({ current }) => !current)!.lastUsed;
      const minutes = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString();
      const useAfter = async (n: number) => {
        nowMs = Date.UTC(2026, 0, 1) + n * 60_000;
        await lena.sync();
        // Writes are done in order: what comes after it has seen it.
        await lena.send(lena.draft('nobody-there', 'x'));
      };
      await useAfter(0);
      await useAfter(3);
      assert.equal(await noted(), minutes(0));
      await useAfter(6);
      assert.equal(await noted(), minutes(6));
    } finally {
      await own.remove();
    }
  });
});

describe('a nick', () => {
  const claim = (nick: string) =>
    fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ nick }),
    });

  it('that would pass for who runs this place is nobody’s, in whatever letters and signs', async () => {
    for (const nick of [
      'admin',
      'ADMIN',
      'аdmin',
      'Adm1n',
      '_admin_',
      'o.p.e.n-talk',
      'OρenTalk',
      'sуstem',
      'ΑDΜΙΝ',
      'ᎻOՏT-ᎷASTER',
      'support',
    ]) {
      const response = await claim(nick);
      const { code } = (await response.json()) as { code: string };
      assert.deepEqual([response.status, code], [409, 'nick_taken'], nick);
    }
    assert.equal((await claim('administrata')).status, 201);
  });

  it('is given up by the look of a server that saw none of its devices, which ends them', async () => {
    const own = { holdNicksMs: 1, quarantineNicksMs: 86_400_000 };
    let looked = await startTestServer(own);
    try {
      const mona = await ApiPerson.signIn(looked.url, 'mona');
      // The first look since ever holds everybody anew.
      looked = await looked.restart();
      const people = async () => (await mona.request('/api/people')).status;
      while ((await people()) === 200) looked = await looked.restart();
      const response = await fetch(`${looked.url}/api/session`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ nick: 'Mona' }),
      });
      assert.equal(response.status, 409);
    } finally {
      await looked.remove();
    }
  });
});

describe('the name of a device', () => {
  const agents: Record<string, string> = {
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1':
      'Safari on iPhone',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0':
      'Edge on Windows',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:153.0) Gecko/20100101 Firefox/153.0': 'Firefox on Mac',
    'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36':
      'Chrome on ChromeOS',
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36':
      'Samsung Internet on Android',
    'curl/8.5.0': '',
    '': '',
  };
  for (const [agent, name] of Object.entries(agents)) {
    it(`is '${name}' of ${agent.slice(0, 40)}…`, () => assert.equal(deviceName(agent), name));
  }
});
