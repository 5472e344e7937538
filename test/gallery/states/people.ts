/** The list: full, empty, not there yet, and what else can stand in it. */
import type { Contents } from '../device.ts';
import { henrik, jonas, zoe } from '../people.ts';
import { openApp, type Group } from '../stage.ts';
import { others, withJonas, withTomas } from '../talks.ts';

/** A device that has been in use for a while. */
export const lived: Contents = {
  talks: [withTomas, withJonas, ...others],
  drafts: [{ to: zoe, text: 'Thank you! I will bring them' }],
};

const offer = { prompt: () => Promise.resolve({ outcome: 'dismissed' }) };

export const people: Group = {
  title: 'People',
  states: [
    {
      name: 'people',
      render: (stage) => openApp(stage, lived, { typing: [jonas] }),
    },
    {
      name: 'people-unsent',
      async render(stage) {
        const waiting = [
          { to: jonas, text: 'On my way', written: '14:08' },
          { to: henrik, text: 'Found it?', written: '14:08', refused: 'unknown_person' as const },
        ];
        await openApp(stage, { ...lived, waiting });
      },
    },
    { name: 'people-empty', render: (stage) => openEmpty(stage, undefined) },
    { name: 'people-empty-share', render: (stage) => openEmpty(stage, () => Promise.resolve()) },
    {
      name: 'people-first-run',
      render: (stage) => openApp(stage, { isNew: true }, { connection: 'catching-up' }),
    },
    {
      name: 'people-loading',
      render: (stage) => openApp(stage, {}, { health: 'slow' }),
    },
    {
      name: 'people-unreadable',
      render: (stage) => openApp(stage, {}, { health: 'broken' }),
    },
    {
      name: 'people-connecting',
      render: (stage) => openApp(stage, lived, { connection: 'connecting' }),
    },
    {
      name: 'people-left-behind',
      async render(stage) {
        const leftBehind = [
          { id: 'former-1', nick: 'Ann', waiting: 2 },
          { id: 'former-2', nick: 'Anna', waiting: 1 },
        ];
        await openApp(stage, lived, { leftBehind });
      },
    },
    {
      name: 'people-plain-http',
      async render(stage) {
        Object.defineProperty(window, 'isSecureContext', { value: false });
        await openApp(stage, lived);
      },
    },
    {
      name: 'people-install',
      async render(stage) {
        localStorage.setItem('visits', '2');
        Object.assign(window, { installPrompt: offer });
        await openApp(stage, lived);
      },
    },
    {
      name: 'people-install-iphone',
      async render(stage) {
        localStorage.setItem('visits', '2');
        Object.defineProperty(navigator, 'standalone', { value: false });
        Object.defineProperty(navigator, 'userAgent', { value: 'Mozilla/5.0 (iPhone)' });
        await openApp(stage, { ...lived, waiting: [{ to: jonas, text: 'On my way', written: '14:08' }] });
      },
    },
  ],
};

async function openEmpty(stage: HTMLElement, share: (() => Promise<void>) | undefined): Promise<void> {
  if (share) Object.defineProperty(navigator, 'share', { value: share });
  await openApp(stage, { people: [] });
}
