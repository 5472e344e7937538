/** What was said in the gallery: as varied as what people write. */
import type { Line, Talk } from './device.ts';
import { amal, club, henrik, jonas, longNick, me, priya, taro, tomas, zoe } from './people.ts';

const longWord =
  'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorsitzender';
const longText =
  'So here is the plan. We meet at the old bridge at eight, walk along the river until the mill, and have breakfast there if it is open.\n\nIf not, I bring bread, cheese, two thermos flasks and the small stove:\n– coffee for three\n– tea for Amal\n– cocoa for whoever is cold\n\nFrom there it is two hours up to the hut. There is no network behind the second bend, so whatever you write waits until we are down again.';

export const withJonas: Talk = {
  with: jonas,
  theirs: { delivered: 17, read: 15 },
  lines: [
    [jonas, '2026-05-12 18:30', 'Are you on the train yet?'],
    [me, '2026-05-12 18:31', 'Just left. Tunnels ahead, so I may go quiet for a while'],
    [jonas, '2026-05-12 18:31', 'No hurry'],
    [jonas, '2026-05-12 18:32', '👍'],
    [me, '2026-05-12 21:10', 'We found the hut just before the rain.', '2026-05-12 18:55'],
    [jonas, '2026-05-13 09:00', longText],
    [me, '2026-05-13 09:05', `Who was it again? ${longWord}?`],
    [
      jonas,
      '2026-05-13 09:06',
      'https://example.org/maps/hut?from=bridge&to=mill#the-second-bend-after-the-mill',
    ],
    [jonas, '13:40', '🥾⛰️☕️'],
    [me, '13:41', 'هل وصلتِ؟ أنا في الطريق إلى المحطة'],
    [jonas, '13:45', '明日の朝、八時に古い橋で会いましょう。'],
    [me, '13:50', 'ok'],
    [jonas, '13:52', 'Bring:\n1. a coat\n2. good shoes\n3. the map'],
    [me, '13:55', 'I have the map, and two pairs of socks for everybody who forgets theirs.'],
    [me, '13:56', 'And chocolate 🍫'],
    [me, '14:05', 'Leaving now'],
    [me, '14:06', 'See you at eight'],
    [me, '14:07', 'Or a little later'],
  ],
};

export const withAmal: Talk = {
  with: amal,
  lines: [
    [amal, '11:00', 'صباح الخير! هل ستأتون غدًا؟'],
    [me, '11:02', 'نعم، كلنا. سنلتقي عند الجسر القديم في الثامنة.'],
    [amal, '11:03', 'رائع، سأحضر القهوة ☕️'],
    [me, '11:04', 'The station is called Alte Brücke (platform 3).'],
    [amal, '11:05', 'شكرًا! رقم هاتفي 555-0134'],
  ],
};

/** The other conversations of a list that has been in use for a while. */
export const others: Talk[] = [
  withAmal,
  {
    with: longNick,
    unread: 128,
    lines: [[longNick, '12:30', `${longWord}, and all of it in a single line`]],
  },
  { with: taro, lines: [[taro, '2026-05-13 20:00', 'また明日。写真を送りますね。']] },
  {
    with: zoe,
    unread: 1,
    lines: [[zoe, '2026-05-13 19:00', 'The tickets are in your mailbox.\nBoth of them.']],
  },
  { with: club, lines: [[me, '2026-05-10 19:00', 'Вторник, в семь']], theirs: { delivered: 1, read: 0 } },
  { with: priya, lines: [[priya, '2026-03-02 10:00', '😂😂😂']] },
];

/** Enough to scroll. */
export const withHenrik: Talk = {
  with: henrik,
  lines: Array.from({ length: 40 }, (_, index): Line => [
    index % 3 === 0 ? me : henrik,
    `2026-05-13 10:${String(index + 10)}`,
    index % 4 === 0 ? `Number ${index + 1}: ${'and so on, '.repeat(index % 9)}` : `Number ${index + 1}`,
  ]),
};

export const withTomas: Talk = {
  with: tomas,
  unread: 3,
  lines: [
    [me, '2026-05-13 17:00', '¿Nos vemos el domingo?'],
    [tomas, '2026-05-13 17:20', 'Claro'],
    [tomas, '14:00', 'Se me olvidó: ¿a qué hora?'],
    [tomas, '14:01', 'Yo puedo a partir de las diez'],
    [tomas, '14:08', '¿Hola?'],
  ],
};
