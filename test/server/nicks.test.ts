/** A nick is one person's: whoever comes at the same time, and in whatever letters. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ApiPerson } from '../support/person.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

let server: TestServer;
let url: string;
before(async () => {
  server = await startTestServer();
  url = `http://127.0.0.1:${server.port}`;
});
after(() => server.remove());

async function claim(nick: string): Promise<string> {
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify({ nick });
  const response = await fetch(`${url}/api/session`, { method: 'POST', headers, body });
  const { code, me } = (await response.json()) as { code?: string; me?: { nick: string } };
  return code ?? me!.nick;
}

describe('a nick that a hundred want at once', () => {
  it('is exactly one person’s, the others are told that it is taken', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => claim('wanted')));
    assert.deepEqual(answers.toSorted(), [...Array.from({ length: 99 }, () => 'nick_taken'), 'wanted']);
  });

  it('is exactly one person’s, also when each writes it in another way', async () => {
    const letters = ['p', 'P', 'р', 'Р', 'ρ', 'ｐ', '𝐩', 'ⓟ'];
    const ways = letters.flatMap((p) => ['a', 'A', 'а', 'α', 'ａ', '𝒶'].map((a) => `${p}${a}yр${a}l`));
    const answers = await Promise.all(ways.map(claim));
    assert.equal(answers.filter((answer) => answer !== 'nick_taken').length, 1);
  });
});

describe('a nick that looks like another’s', () => {
  const owners: Record<string, string[]> = {
    anna: ['Anna', 'ANNA', 'аnna', 'αnnα', 'ａｎｎａ', '𝐚𝐧𝐧𝐚', 'ₐnna', 'ɑnna'],
    Paul: ['pau1', 'PAUI', 'рaul', 'ρaul', 'pauӏ', 'pauⅼ', 'PAUL'],
    modern: ['rnodern', 'MODERN', 'rnodem', 'mоdern', 'm0dern'],
    Straße: ['STRASSE', 'strasse', '5trasse', 'ſtraße'],
    Zoë: ['zoe\u0308', 'ZOË', 'Zо\u00eb'],
    kim: ['\u212aim', 'kım', 'kіm', 'KIM', 'κim'],
    fifi: ['\ufb01fi', 'FIFI', 'f1f1', 'flfl'],
    olga: ['0lga', 'Оlga', '01ga', 'οlga', 'օlga'],
    Nico: ['Νico', 'NΙCΟ', 'ΝICO'],
    ΖΟΗ: ['ZOH', 'ζοη', 'Zoh'],
    Hugo: ['Ηugo', 'ᎻUԌO'],
    Yvo: ['Υvo', 'YVO'],
    Mia: ['Μia', 'ᎷIA', 'Ϻia'],
    Weißt: ['WEIẞT', 'weisst', 'WEISST'],
    GROẞ: ['groß', 'gross', 'GROSS'],
    Σοφία: ['σοφία', 'ΣΟΦΊΑ', 'ςοφία'],
  };

  for (const [owner, alike] of Object.entries(owners)) {
    it(`is ${owner}’s: ${alike.join(', ')}`, async () => {
      await ApiPerson.signIn(url, owner);
      for (const nick of alike) assert.equal(await claim(nick), 'nick_taken', nick);
    });
  }

  it('is none where it only seems to be the same: with what nobody sees, or what turns letters round', async () => {
    const unseen = ['\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u034f', '\u115f', '\u3164', '\ufe0f'];
    const turning = ['\u202e', '\u202d', '\u2066', '\u2069', '\u200e', '\u200f', '\u061c'];
    const blank = ['\u0000', '\u00a0', '\u2003', '\u2800', '\n', ' '];
    for (const mark of [...unseen, ...turning, ...blank]) {
      assert.equal(await claim(`an${mark}na`), 'nick_invalid', JSON.stringify(mark));
    }
  });

  it('is another nick where a person sees the difference', async () => {
    await ApiPerson.signIn(url, 'Νeo');
    for (const nick of ['Heo', 'annа_', 'annab', 'änna', 'ànna', 'anna.', 'нина', 'Ἀννα']) {
      assert.notEqual(await claim(nick), 'nick_taken', nick);
    }
  });
});

describe('a nick that means something to the language', () => {
  const nicks = ['__proto__', 'constructor', 'hasOwnProperty', 'valueOf', 'toString', 'then', 'null', 'NaN'];

  it('is a nick like any other: it writes, is written to, found, and read', async () => {
    const people = await Promise.all(nicks.map((nick) => ApiPerson.signIn(url, nick)));
    for (const [n, person] of people.entries()) {
      const peer = people[(n + 1) % people.length]!;
      const [sent] = await person.send(person.draft(peer, person.me.nick));
      assert.equal(sent!.status, 'accepted');
      assert.deepEqual(
        (await peer.history(person.me.nick)).map(({ text }) => text),
        [person.me.nick],
      );
      const read = [{ with: person.me.nick, upTo: 1 }];
      assert.equal((await peer.request('/api/receipts', { json: { read } })).status, 204);
      const { conversations } = await person.sync();
      assert.equal(conversations.find((each) => each.with === peer.me.nick)?.theirs.read, 1);
      const found = await person.request(`/api/people?search=${peer.me.nick}`);
      const { people: named } = (await found.json()) as { people: { nick: string }[] };
      assert.ok(named.some(({ nick }) => nick === peer.me.nick));
    }
  });

  it('is no name in a body either: what is called so is passed over', async () => {
    const ann = await ApiPerson.signIn(url, 'ann');
    const draft = JSON.stringify(ann.draft(ann, 'hello')).slice(1, -1);
    const pollution =
      '"__proto__":{"as":"x","messages":[],"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}';
    const response = await ann.request('/api/messages', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: `{${pollution},"messages":[{${pollution},${draft}}]}`,
    });
    assert.equal(response.status, 200);
    const { results } = (await response.json()) as { results: { status: string }[] };
    assert.deepEqual(
      results.map(({ status }) => status),
      ['accepted'],
    );
    assert.equal(({} as { isAdmin?: boolean }).isAdmin, undefined);
    const missing = await ann.request('/api/typing', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"__proto__":{"to":"ann"}}',
    });
    assert.equal(missing.status, 400, 'what it needs is not found in a prototype');
  });
});
