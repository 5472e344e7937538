/** From the key that was pressed to the painted answer, over everything on the device. */
import type { Page } from 'playwright';
import { newPage, runs, takeFullPhone, type Bench } from './device.ts';
import type { Figure } from './figure.ts';
import { listPlaces, paintedAt, watchPaint } from './painted.ts';

/** Frequent, rare, in no message; two words, also far apart; in other alphabets, and letters of which accents are left out. */
const queries = [
  'the',
  'station',
  'Leuchtturmwärterin',
  'xylophon',
  'train seven',
  'network order',
  'الشبكة',
  '富士山',
  'Störche',
  'grusst sudstrand',
];

export async function measureSearch(bench: Bench): Promise<Figure[]> {
  const { phone } = await takeFullPhone(bench, { conversations: 500, messages: 50_000 });
  const first: number[] = [];
  const later: number[][] = queries.map(() => []);
  for (let run = 0; run < runs; run += 1) {
    await newPage(phone, 1);
    await watchPaint(phone.page, listPlaces);
    await phone.page.goto(phone.network.url);
    await paintedAt(phone.page);
    first.push(await answeredAfter(phone.page, 'tea'));
    for (const [index, query] of queries.entries()) {
      later[index]!.push(await answeredAfter(phone.page, query));
    }
    await phone.closeApp();
  }
  await phone.putAway();
  return [
    { what: 'search 50,000 messages at once after a start, all of them still to be read', runs: first },
    ...queries.map((query, index) => ({
      what: `search 50,000 messages for “${query}”`,
      goal: 50,
      runs: later[index]!,
    })),
  ];
}

/** All of it is typed at once, as a word that the keyboard suggests. */
function answeredAfter(page: Page, query: string): Promise<number> {
  return page.evaluate(async (words) => {
    const list = ['ot-app', 'ot-messenger', 'ot-people-list'].reduce<Document | ShadowRoot>(
      (root, name) => root.querySelector(name)!.shadowRoot!,
      document,
    );
    const answer = () => (list.querySelector('ot-search-results') as { answer?: object } | null)?.answer;
    const before = answer();
    const field = list.querySelector('input')!;
    const began = performance.now();
    field.focus();
    field.value = words;
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await new Promise<void>((resolve) => {
      const look = () => {
        if (answer() === before) requestAnimationFrame(look);
        // The frame after this one has been painted with it.
        else requestAnimationFrame(() => setTimeout(resolve));
      };
      look();
    });
    return performance.now() - began;
  }, query);
}
