/** Where a state is drawn: the app as it stands in index.html, or a board with a few components on it. */
import { html, render, type TemplateResult } from 'lit';
import '../../client/ui/app.ts';
import type { App } from '../../client/ui/app.ts';
import '../../client/ui/messenger.ts';
import '../../client/ui/session-sheet.ts';
import '../../client/ui/update-toast.ts';
import { words } from '../../client/words/words.ts';
import { fillDevice, type Contents } from './device.ts';
import type { Health } from './gallery-database.ts';
import { settled, within } from './settled.ts';
import { stageChat, type Circumstances, type StageChat } from './stage-chat.ts';

export interface State {
  /** Also its address, and the name of its pictures. */
  name: string;
  /** Draws it. A promise is waited for, and then until all is still; what it brings is nobody's business. */
  render(stage: HTMLElement): unknown;
}

/** States that belong together. */
export interface Group {
  title: string;
  states: readonly State[];
}

export interface Opened {
  app: App;
  chat: StageChat;
  /** The screen of the messenger, which hears what components ask for. */
  ask(wish: string, detail?: unknown): Promise<void>;
  /** The first element of each selector in the shadow of the one before it, from the messenger on. */
  find(...path: string[]): HTMLElement;
}

/** The app before anybody is signed in. */
export function putApp(stage: HTMLElement): App {
  const template = document.querySelector<HTMLTemplateElement>('template#app')!;
  const form = { ...words.signIn } as Record<string, unknown>;
  // As the build does it for index.html.
  template.innerHTML = template.innerHTML.replaceAll(/%(\w+)%/g, (_, name: string) => String(form[name]));
  stage.append(document.importNode(template.content, true));
  return stage.querySelector('ot-app')!;
}

/** The app of somebody who is signed in, with `contents` on the device, at the conversation with `nick`, or at the list. */
export async function openApp(
  stage: HTMLElement,
  contents: Contents,
  { nick = '', health = 'well', ...circumstances }: Circumstances & { nick?: string; health?: Health } = {},
): Promise<Opened> {
  const address = nick === '' ? '/' : `/c/${encodeURIComponent(nick)}`;
  history.replaceState(null, '', address + location.search);
  const db = await fillDevice(contents);
  db.health = health;
  const chat = stageChat(db, circumstances);
  const app = putApp(stage);
  app.chat = chat;
  await settled(stage);
  const find = (...path: string[]) => within(app, 'ot-messenger', ...path);
  return {
    app,
    chat,
    find,
    async ask(wish, detail) {
      find('main > *').dispatchEvent(new CustomEvent(wish, { detail, bubbles: true }));
      await settled(stage);
    },
  };
}

/** Components beside each other, on the ground that they have in the app. */
export function putBoard(stage: HTMLElement, title: string, content: TemplateResult): void {
  render(
    html`<main class="board">
      <h1>${title}</h1>
      ${content}
    </main>`,
    stage,
  );
}
