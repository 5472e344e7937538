/**
 * A device that is full of texts that want to be a page, a program or a direction: what is read from it is shown as it
 * is, or as much of that as there is room for, and the app stays usable. Other views are hostile-texts.spec.ts.
 */
import path from 'node:path';
import { expect, test } from 'playwright/test';
import { deviceOfTexts } from '../support/device-of-texts.ts';
import { fillDevice } from '../support/fill-device.ts';
import { textsToSend } from '../support/hostile-texts.ts';
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

test('on the device: lists, drafts, what waits, and the sheets about them', async () => {
  const persons = 300;
  await ann.enterTunnel();
  const me = await ann.page.evaluate(
    () => JSON.parse(localStorage.getItem('known')!) as { id: string; nick: string },
  );
  const device = deviceOfTexts(me, texts, persons);
  await fillDevice(ann.page, device);
  await ann.closeApp();
  await ann.openApp();

  // The list: nicks, what was written last, and drafts.
  const rows = ann.page.locator('ot-people-list li');
  while ((await rows.count()) < persons) await rows.last().scrollIntoViewIfNeeded();
  await expect(rows.last().locator('.preview bdi')).toHaveText(/\S/);
  const drafts = new Map(device.drafts.map(({ peerId, text }) => [peerId, text]));
  const lastOf = new Map(device.messages.map(({ peerId, text }) => [peerId, text]));
  const listed = device.people.map(({ id, nick }) => [nick, drafts.get(id) ?? lastOf.get(id)!] as const);
  const wrong = await rows.evaluateAll(
    (all, expected) =>
      all.flatMap((row, index) => {
        const [nick, text] = expected[index]!;
        const preview = row.querySelector('.preview bdi')!;
        const shown = preview.textContent;
        const isItsBeginning = text.startsWith(shown) && shown.length > Math.min(text.length, 119) - 1;
        return [
          ...lab.isName(row.querySelector('.nick')!, nick),
          ...lab.isText(preview, shown),
          ...(isItsBeginning && shown.isWellFormed() ? [] : [`${JSON.stringify(text)} as ${shown}`]),
          ...(row.querySelector('a')!.href === `${location.origin}/c/${encodeURIComponent(nick)}`
            ? []
            : ['leads elsewhere']),
        ];
      }),
    listed,
  );
  expect(wrong).toEqual([]);

  await ann.page.evaluate((all) => (lab.texts = all), texts);
  const inSheets = await ann.page.evaluate(async ({ messages, people, outbox }) => {
    const chat = lab.chatWith({});
    const { length } = messages.filter(({ peerId }) => peerId === people[0]!.id);
    const said = messages.map(({ text }) => text);
    const isBeginning = (element: Element, text: string, most: number) => {
      const shown = element.textContent;
      const isCut = shown.length < text.length;
      const isWell = shown.isWellFormed() && text.startsWith(shown) && (!isCut || shown.length >= most - 1);
      return isWell ? lab.isText(element, shown) : [`is ${JSON.stringify(shown)}`];
    };
    const waiting = outbox
      .filter(({ status }) => status === 'failed')
      .concat(outbox.filter(({ status }) => status === 'queued'));
    const writing = people.filter((_, index) => index % 2 === 0);
    const draftOf = (index: number) => said[index * 2 * length]!;
    return [
      await lab.each(
        (_, index) => {
          const { fromId, id } = messages[index * 4]!;
          return lab.make('ot-message-info', { chat, fromId, messageId: id });
        },
        (root, text) => isBeginning(root.querySelector('.text')!, text, 500),
        { texts: said.filter((_, index) => index % 4 === 0), ready: (root) => root.querySelector('.text') },
      ),
      await lab.each(
        (_, index) => lab.make('ot-report', { chat, peer: people[index]! }),
        (root) => {
          const nick = root.querySelector('h2 bdi')!.textContent;
          const theirs = messages.filter(({ from }) => from === nick);
          const latest = theirs.slice(-10).map((message) => message.text);
          const lines = [...root.querySelectorAll('label bdi')];
          return lines.flatMap((line, index) => isBeginning(line, latest[index]!, 120));
        },
        { texts: people.map(({ nick }) => nick), ready: (root) => root.querySelector('label bdi') },
      ),
      await lab.each(
        (_, index) => lab.make('ot-composer', { chat, peer: writing[index]! }),
        (root, text) => (root.querySelector('textarea')!.value === text ? [] : ['another draft']),
        {
          texts: writing.map((_, index) => draftOf(index)),
          ready: (root) => root.querySelector('textarea')!.value !== '',
        },
      ),
      await lab.all(
        lab.make('ot-queue', { chat }),
        'li',
        (row, id) => {
          const { to, text, refusal } = waiting.find((one) => one.id === id)!;
          return [
            ...lab.isName(row.querySelector('.to')!, to),
            ...isBeginning(row.querySelector('.text')!, text, 500),
            ...(refusal ? lab.isText(row.querySelector('.reason'), refusal.detail) : []),
          ];
        },
        waiting.map(({ id }) => id),
      ),
    ].flat();
  }, device);
  expect(inSheets.slice(0, 10)).toEqual([]);

  // Found, opened and answered as any other.
  await ann.page.getByRole('searchbox').fill('window.pwn');
  const hit = ann.page.locator('ot-search-results li').first();
  await expect(hit.locator('mark').first()).toHaveText('window.pwn');
  await hit.click();
  await expect(ann.page.locator('ot-conversation h1 bdi')).toHaveText(/\S/);
  await ann.write('still here');
});
