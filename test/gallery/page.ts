/**
 * The page of the gallery: `/` shows every state in a frame (`/?list` names them only), `/?state=<name>&theme=dark&lang=ar` one of
 * them. When it
 * stands still the root element says so, by `data-shown`.
 */
import './fixed-moment.ts';
import { html, nothing, render } from 'lit';
import { settled } from './settled.ts';
import { groups } from './states.ts';

const chosen = new URLSearchParams(location.search);
const stage = document.querySelector<HTMLElement>('#stage')!;
const root = document.documentElement;

const theme = chosen.get('theme');
if (theme) root.dataset['theme'] = theme;
const language = chosen.get('lang') ?? 'en';
root.lang = language;
root.dir = ['ar', 'fa', 'he', 'ur'].includes(language) ? 'rtl' : 'ltr';
// An offer is made or not by what the device remembers: each state begins with nothing.
localStorage.clear();
sessionStorage.clear();

const name = chosen.get('state');
const state = groups.flatMap(({ states }) => states).find((one) => one.name === name);
if (state) {
  await state.render(stage);
  await document.fonts.ready;
  await settled(stage);
  root.dataset['shown'] = state.name;
} else {
  showIndex();
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
        ${['en', 'de', 'es', 'ar', 'ja'].map((one) => html`<a href=${addressWith({ lang: one })}>${one}</a>`)}
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
