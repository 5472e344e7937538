/**
 * Ten thousand texts that want to be a page, a program or a direction, in every view that shows what a person wrote or is
 * called: each is shown as it is, and nothing comes of it. Where one component has to be made and read for each, it is
 * a part of them. Not here: what is read from the device, which is hostile-device.spec.ts; nor the toast and the bars of
 * the network, which show nobody's text.
 */
import path from 'node:path';
import { expect, test } from 'playwright/test';
import { textsToSend } from '../support/hostile-texts.ts';
import { ApiPerson } from '../support/person.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { Phone } from './phone.ts';
import { bringTextLab, type TextLab } from './text-lab.ts';

declare const lab: TextLab;

const pageFolder = path.join(import.meta.dirname, '../../dist');
/** What a failure prints leads back to the same texts. */
const seed = Number(process.env['TEXT_SEED'] ?? Date.now() % 2 ** 31);
const count = 10_000;

const texts = textsToSend(count, seed);

let server: TestServer;
let ann: Phone;

test.beforeEach(async ({ browser }) => {
  server = await startTestServer({ pageFolder });
  ann = await Phone.take(browser, server.port);
  await bringTextLab(ann.context);
  await ann.signIn('ann');
});

test.afterEach(async () => {
  expect(await ann.page.evaluate(() => lab.harm), `TEXT_SEED=${seed}`).toEqual([]);
  expect(ann.complaints).toEqual([]);
  await ann.putAway();
  await server.remove();
});

/** The app, closed and opened again: with what is on the device by now, and with the lab. */
async function reopen(address = '/'): Promise<void> {
  await ann.closeApp();
  await ann.openApp(address);
}

test('what strangers send is shown as it is', async () => {
  expect(texts.length).toBe(count);
  const bob = await ApiPerson.signIn(ann.network.url, 'bob');
  await bob.send(bob.draft('ann', 'hello'));
  await reopen('/c/bob');
  await ann.reads('hello');
  const sent = texts.slice(0, 400);
  for (let from = 0; from < sent.length; from += 40) {
    const slice = sent.slice(from, from + 40);
    await bob.send(...slice.map((text) => bob.draft('ann', text)));
    await ann.reads(...slice);
  }
  await ann.write('all of it was read');
  await ann.allOwnAre('Sent');
});

test('a link reads from left to right, and what stacks covers no other message', async () => {
  const bob = await ApiPerson.signIn(ann.network.url, 'bob');
  const link = 'https://elsewhere.example/';
  const stack = ('e' + '\u0301\u0302\u0489'.repeat(60)).repeat(20);
  await bob.send(bob.draft('ann', `\u202e${link}\u202emoc.knab//:sptth`), bob.draft('ann', stack));
  await bob.send(bob.draft('ann', 'below it'));
  await reopen('/c/bob');
  await ann.reads(stack, 'below it');
  const shown = ann.page.locator('ot-message .text a');
  await expect(shown).toHaveText(link);
  expect(await shown.evaluate((a) => getComputedStyle(a).direction + getComputedStyle(a).unicodeBidi)).toBe(
    'ltrisolate',
  );

  const [above, stacked, below] = await ann.page.locator('ot-message').all();
  for (const other of [above!, below!]) {
    const beside = await other.screenshot();
    const hidden = await stacked!.locator('.text').evaluateHandle((text) => {
      text.style.visibility = 'hidden';
      return text;
    });
    const alone = await other.screenshot();
    await hidden.evaluate((text) => text.style.removeProperty('visibility'));
    expect(beside.equals(alone)).toBe(true);
  }
});

test.describe('each of ten thousand', () => {
  test.beforeEach(async () => {
    await reopen();
    await ann.page.evaluate((all) => (lab.texts = all), texts);
  });
  /** Nothing is wrong; of much that is, the first. */
  const expectNone = (wrong: string[]) => expect(wrong.slice(0, 10), `TEXT_SEED=${seed}`).toEqual([]);

  test('in a bubble: its text, its links, what was searched for, and why it was refused', async () => {
    const wrong = await ann.page.evaluate(async () => {
      const at = new Date().toISOString();
      const parts = { fromId: 'x', peerId: 'x', toId: 'y', to: 'ann', composedAt: at, place: 1 };
      const chat = lab.chatWith({});
      const bubble = (text: string, more: object = {}) =>
        lab.make('ot-message', { chat, message: { ...parts, id: 'z', from: text, text }, ...more });
      const plain = bubble('hello');
      document.body.append(plain);
      await plain.updateComplete;
      const shape = lab.shape(plain.shadowRoot, '.text');
      plain.remove();
      const look = (root: ShadowRoot, text: string) => [
        ...lab.isText(root.querySelector('.text'), text),
        ...(lab.shape(root, '.text') === shape ? [] : ['the bubble is another']),
      ];
      const refused = (text: string) =>
        bubble('hello', {
          message: {
            ...{ ...parts, id: 'z', from: 'ann', text: 'hello', state: 'failed' },
            waiting: {
              ...parts,
              text: 'hello',
              status: 'failed',
              refusal: { code: 'bad_json', detail: text },
            },
          },
        });
      return [
        await lab.each((text) => bubble(text), look),
        await lab.each((text) => bubble(text, { terms: ['window', 'a', '\u202e', '<', 'e'] }), look),
        await lab.each(refused, (root, text) => lab.isName(root.querySelector('.reason')!, text)),
      ].flat();
    });
    expectNone(wrong);
  });

  test('where it can be written on: the editor of what waits', async () => {
    const wrong = await ann.page.evaluate(() =>
      lab.each(
        (text) =>
          lab.make('ot-waiting-actions', {
            chat: lab.chatWith({}),
            row: { id: 'x', text, status: 'failed', attempts: 1 },
            isEditing: true,
          }),
        (root, text) => {
          const { value, children } = root.querySelector('textarea')!;
          return value === text && children.length === 0 ? [] : [`is ${JSON.stringify(value)}`];
        },
      ),
    );
    expectNone(wrong);
  });

  test('as a result of the search', async () => {
    const wrong = await ann.page.evaluate(() => {
      const message = { fromId: 'x', acceptedAt: new Date().toISOString() };
      const some = lab.texts.filter((_, index) => index % 4 === 0);
      const hits = some.map((text, id) => ({
        nick: text,
        message: { ...message, id: String(id), text },
      }));
      const search = { find: () => Promise.resolve({ hits, isMore: false, incomplete: 0 }) };
      const results = lab.make('ot-search-results', {
        chat: lab.chatWith({}),
        search,
        searched: 'window pwn',
      });
      return lab.all(
        results,
        'li',
        (row, text) => {
          const line = row.querySelector('.preview bdi');
          const shown = line?.textContent.replace(/^…/, '') ?? '';
          return [
            ...lab.isName(row.querySelector('.nick')!, text),
            ...lab.isText(line, line?.textContent ?? ''),
            ...(text.replaceAll(/\s+/g, ' ').includes(shown) && shown.isWellFormed() ? [] : [`is ${shown}`]),
          ];
        },
        some,
      );
    });
    expectNone(wrong);
  });

  test('as a name: in notices, bars and sheets', async () => {
    const wrong = await ann.page.evaluate(async () => {
      const some = lab.texts.filter((_, index) => index < 150 || index % 50 === 0);
      const look = (root: ShadowRoot, text: string) => lab.isName(root, text);
      const me = (nick: string) => lab.chatWith({ me: { id: 'x', nick, online: true, lastSeen: null } });
      const chat = lab.chatWith({});
      const named = (tag: string, more: object = {}) =>
        lab.each((nick) => lab.make(tag, { chat, peer: { id: 'x', nick }, ...more }), look, {
          texts: 'row' in more ? lab.texts : some,
        });
      const left = lab.texts.map((nick, id) => ({ id: String(id), nick, waiting: 1 }));
      const since = new Date().toISOString();
      const devices = lab.texts.map((name, id) => ({ id: String(id), name, since, lastUsed: since }));
      return [
        await named('ot-peer-bar', { row: { blocked: true } }),
        await named('ot-report'),
        await named('ot-conversation-info'),
        await lab.each((nick) => lab.make('ot-session-sheet', { nick, otherPerson: true }), look, {
          texts: some,
        }),
        await lab.each(
          (nick) => lab.make('ot-delete-account', { chat: me(nick), step: 'nick' }),
          (root, nick) => (root.querySelector('bdi')!.textContent === nick ? [] : ['another nick']),
          { texts: some },
        ),
        await lab.each(
          (nick) => lab.make('ot-settings', { chat: me(nick) }),
          (root, nick) => (root.querySelector('bdi')!.textContent === nick ? [] : ['another nick']),
          { texts: some },
        ),
        await lab.all(
          lab.make('ot-left-behind', { chat: lab.chatWith({ leftBehind: () => Promise.resolve(left) }) }),
          'section',
          (section, nick) => lab.isName(section, nick),
        ),
        await lab.all(
          lab.make('ot-devices', { chat: lab.chatWith({ devices: () => Promise.resolve(devices) }) }),
          'li',
          (device, name) => lab.isName(device, name),
        ),
        await lab.each(
          (nick) => lab.make('ot-avatar', { nick }),
          (root) => (lab.shape(root, 'none') === 'span' ? [] : ['the picture is another']),
        ),
      ].flat();
    });
    expectNone(wrong);
  });
});

test('in an address it is no name, and turns nothing around it', async () => {
  for (const made of ['<img src=x onerror=window.pwn=1>', '__proto__', '\u202eknab', '\u2069\u202eknab']) {
    await reopen(`/c/${encodeURIComponent(made)}`);
    const name = made.replaceAll(/\p{Bidi_Control}/gu, '');
    const sentence = ann.page.locator('p.nobody span');
    await expect(sentence).toHaveText(`Nobody here is called '${name}'.`);
    await expect(ann.page).toHaveTitle(`${name} – OpenTalk`);
    expect(await sentence.evaluate((element, nick) => lab.isName(element, nick), name)).toEqual([]);
    if (name === made) continue;
    const isInOrder = await sentence.evaluate((element) => {
      const bdi = element.querySelector('bdi')!;
      const rest = document.createRange();
      rest.setStartAfter(bdi);
      rest.setEndAfter(element.lastChild!);
      return bdi.getBoundingClientRect().right <= rest.getBoundingClientRect().left;
    });
    expect(isInOrder, JSON.stringify(made)).toBe(true);
  }
});
