/** Picking a nick, and what can come of it. */
import type { SignInOutcome } from '../../../client/session.ts';
import { until, within } from '../settled.ts';
import { openApp, putApp, type Group } from '../stage.ts';

export const signIn: Group = {
  title: 'Sign-in',
  states: [
    { name: 'sign-in', render: (stage) => putApp(stage) },
    {
      name: 'sign-in-checking',
      async render(stage) {
        pick(stage, 'ann', new Promise(() => {}));
        const button = within(stage, '[type=submit]');
        await until(() => button.ariaBusy === 'true');
      },
    },
    { name: 'sign-in-taken', render: (stage) => pick(stage, 'ann', { kind: 'nick-taken' }) },
    { name: 'sign-in-invalid', render: (stage) => pick(stage, 'ann and bob', { kind: 'unreachable' }) },
    { name: 'sign-in-busy', render: (stage) => pick(stage, 'ann', { kind: 'busy', afterSeconds: 30 }) },
    { name: 'sign-in-banned', render: (stage) => pick(stage, 'ann', { kind: 'banned' }) },
    { name: 'sign-in-unreachable', render: (stage) => pick(stage, 'ann', { kind: 'unreachable' }) },
    {
      name: 'sign-in-offline',
      render(stage) {
        Object.defineProperty(navigator, 'onLine', { value: false });
        pick(stage, 'ann', { kind: 'unreachable' });
      },
    },
    { name: 'restoring', render: (stage) => restore(stage, 'asking') },
    { name: 'restoring-offline', render: (stage) => restore(stage, 'waiting') },
    {
      name: 'sign-in-again',
      async render(stage) {
        const { app } = await openApp(stage, {}, { connection: 'signed-out' });
        within(app, 'ot-session-sheet', '.main-button').click();
      },
    },
  ],
};

/** Types a nick and presses the button; `outcome` is what the server says. */
function pick(stage: HTMLElement, nick: string, outcome: SignInOutcome | Promise<SignInOutcome>): void {
  const app = putApp(stage);
  app.signIn = () => Promise.resolve(outcome);
  void app.updateComplete.then(() => {
    app.querySelector('input')!.value = nick;
    app.querySelector('form')!.requestSubmit();
  });
}

function restore(stage: HTMLElement, restoring: 'asking' | 'waiting'): void {
  document.documentElement.classList.add('known');
  putApp(stage).restoring = restoring;
}
