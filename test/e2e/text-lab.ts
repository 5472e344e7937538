/**
 * What a test has in the page to see what becomes of many texts: it makes the app's own components, some hundred at a
 * time, under the app's own Content Security Policy, and compares what they show with what they were given. It also
 * notes every script that runs and everything that the policy had to stop.
 */
import type { BrowserContext } from 'playwright/test';

interface Component extends HTMLElement {
  updateComplete: Promise<unknown>;
  shadowRoot: ShadowRoot;
}

export interface TextLab {
  texts: readonly string[];
  /** Scripts that ran, and what the policy stopped. */
  harm: string[];
  /** The Chat of the app, with other parts. */
  chatWith(parts: object): object;
  make(tag: string, properties: object): Component;
  /** What is wrong with what is shown of each of `texts`. */
  each(
    make: (text: string, index: number) => Component,
    look: (root: ShadowRoot, text: string) => string[],
    options?: { ready?: (root: ShadowRoot) => unknown; texts?: readonly string[] },
  ): Promise<string[]>;
  /** The same of one component that shows all of them, with one of `elements` for each. */
  all(
    component: Component,
    elements: string,
    look: (element: Element, text: string) => string[],
    texts?: readonly string[],
  ): Promise<string[]>;
  /** It is shown as it is, and nothing was made of it but links and marks. */
  isText(element: Element | null | undefined, text: string): string[];
  /** There is a name of its own in a sentence, which takes no part in what it does to directions. */
  isName(root: ParentNode, name: string): string[];
  /** What it is made of, whatever texts are in it. */
  shape(root: ParentNode, texts: string): string;
}

/** Before the app is loaded. */
export async function bringTextLab(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const harm: string[] = [];
    Object.defineProperty(globalThis, 'pwn', {
      set(value) {
        harm.push(`pwn = ${value}`);
      },
    });
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
      harm.push(`${violatedDirective}: ${blockedURI} ${sample}`),
    );

    const atOnce = 250;
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const isSafeLink = (link: HTMLAnchorElement) =>
      /^https?:$/.test(link.protocol) &&
      link.target === '_blank' &&
      link.relList.contains('noopener') &&
      link.href === new URL(link.textContent).href;

    /** Nobody sees it, so nothing has to be laid out. */
    function stage(): HTMLElement {
      const found = document.querySelector<HTMLElement>('#stage');
      if (found) return found;
      const made = document.createElement('div');
      made.id = 'stage';
      made.hidden = true;
      document.body.append(made);
      return made;
    }

    const lab: TextLab = {
      texts: [],
      harm,
      chatWith(parts) {
        const { chat } = document.querySelector<HTMLElement & { chat: object }>('ot-app')!;
        return Object.create(chat, Object.getOwnPropertyDescriptors(parts)) as object;
      },
      make(tag, properties) {
        return Object.assign(document.createElement(tag), properties) as unknown as Component;
      },
      async each(make, look, { ready = () => true, texts = lab.texts } = {}) {
        const wrong: string[] = [];
        for (let from = 0; from < texts.length; from += atOnce) {
          const slice = texts.slice(from, from + atOnce);
          const components = slice.map((text, index) => make(text, from + index));
          stage().replaceChildren(...components);
          for (const [index, component] of components.entries()) {
            await component.updateComplete;
            while (!ready(component.shadowRoot)) await nextFrame();
            const text = slice[index]!;
            for (const what of look(component.shadowRoot, text))
              wrong.push(`${JSON.stringify(text)}: ${what}`);
          }
        }
        stage().replaceChildren();
        return wrong;
      },
      async all(component, elements, look, texts = lab.texts) {
        stage().replaceChildren(component);
        const shown = () => [...component.shadowRoot.querySelectorAll(elements)];
        while (!component.shadowRoot || shown().length < texts.length) await nextFrame();
        const found = shown();
        const wrong = texts.flatMap((text, index) =>
          look(found[index]!, text).map((what) => `${JSON.stringify(text)}: ${what}`),
        );
        if (found.length !== texts.length) wrong.push(`${found.length} for ${texts.length}`);
        stage().replaceChildren();
        return wrong;
      },
      isText(element, text) {
        if (!element) return ['it is not there'];
        const wrong: string[] = [];
        if (element.textContent !== text) wrong.push(`shown as ${JSON.stringify(element.textContent)}`);
        for (const made of element.querySelectorAll('*')) {
          const isLink = made instanceof HTMLAnchorElement && isSafeLink(made);
          const isMark = made.localName === 'mark' && made.attributes.length === 0;
          if (!isLink && !isMark) wrong.push(`became ${made.outerHTML.slice(0, 200)}`);
        }
        const { unicodeBidi } = getComputedStyle(element);
        if (!/isolate|plaintext/.test(unicodeBidi)) wrong.push(`turns what is around it: ${unicodeBidi}`);
        return wrong;
      },
      isName(root, name) {
        const found = [...root.querySelectorAll('bdi')].filter(({ textContent }) => textContent === name);
        if (found.length === 0) return ['it has no place of its own'];
        return found.flatMap((bdi) => lab.isText(bdi.querySelector('strong') ? undefined : bdi, name));
      },
      shape(root, texts) {
        return [...root.querySelectorAll('*')]
          .filter((element) => !element.parentElement?.closest(texts))
          .map(({ localName }) => localName)
          .join(' ');
      },
    };
    Object.assign(globalThis, { lab });
  });
}
