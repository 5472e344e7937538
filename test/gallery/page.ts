/**
 * The page of the gallery: `/` shows every state in a frame (`/?list` names them only), and
 * `/?state=<name>&theme=dark&lang=ar` one of them. When it stands still the root element says so, by `data-shown`, or why
 * it could not be drawn.
 */
import './fixed-moment.ts';
import { html, nothing, render } from 'lit';
import { languageFor, languages } from '../../client/words/languages.ts';
import { useWords, type Words } from '../../client/words/words.ts';
import { settled } from './settled.ts';
import type { State } from './stage.ts';
import { groups } from './states.ts';

const chosen = new URLSearchParams(location.search);
const stage = document.querySelector<HTMLElement>('#stage')!;
const root = document.documentElement;

const theme = chosen.get('theme');
if (theme) root.dataset['theme'] = theme;
const language = languageFor(chosen.get('lang'), []);
root.lang = language;
root.dir = languages[language].direction;
useWords((await (await fetch(`/words/${language}.json`)).json()) as Words, language);
// An offer is made or not by what the device remembers: each state begins with nothing.
localStorage.clear();
sessionStorage.clear();

const name = chosen.get('state');
const state = groups.flatMap(({ states }) => states).find((one) => one.name === name);
if (state) {
  root.dataset['shown'] = await show(state).catch((error: unknown) => {
    console.error(error);
    return String(error);
  });
} else {
  showIndex();
}

/** What to say in `data-shown`. */
async function show({ name: shown, render: draw }: State): Promise<string> {
  await draw(stage);
  await document.fonts.ready;
  await settled(stage);
  return shown;
}

function showIndex(): void {
  const addressWith = (changes: Record<string, string>) => {
    const next = new URLSearchParams({ ...Object.fromEntries(chosen), ...changes });
    return `/?${next}`;
  };
  render(
    html`<main class="index">
      <h1>The gallery of OpenTalk</h1>
      <nav>
        ${['light', 'dark'].map((one) => html`<a href=${addressWith({ theme: one })}>${one}</a>`)}
        ${Object.keys(languages).map((one) => html`<a href=${addressWith({ lang: one })}>${one}</a>`)}
      </nav>
      ${groups.map(
        ({ title, states }) =>
          html`<h2>${title}</h2>
            <ul>
              ${states.map(
                (one) =>
                  html`<li>
                    <a href=${addressWith({ state: one.name })} data-state=${one.name}>${one.name}</a>
                    ${
                      chosen.has('list')
                        ? nothing
                        : html`<iframe
                            loading="lazy"
                            title=${one.name}
                            src=${addressWith({ state: one.name })}
                          ></iframe>`
                    }
                  </li>`,
              )}
            </ul>`,
      )}
    </main>`,
    stage,
  );
}
