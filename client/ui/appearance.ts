/**
 * How the app looks on this device: light, dark or as the system has it, and the size of the text. The choices are small,
 * so they are kept where index.html can read them before the first paint, as data attributes of the root (tokens.css).
 */

/** One thing to choose. The first option is what there is without a choice, and is not kept. */
class Choice<Option extends string> {
  readonly options: readonly Option[];
  readonly #name: string;

  constructor(name: string, options: readonly Option[]) {
    this.#name = name;
    this.options = options;
  }

  get chosen(): Option {
    const { [this.#name]: value } = document.documentElement.dataset;
    return this.options.find((option) => option === value) ?? this.options[0]!;
  }

  choose(option: Option): void {
    const { dataset } = document.documentElement;
    if (option === this.options[0]) {
      localStorage.removeItem(this.#name);
      delete dataset[this.#name];
    } else {
      localStorage.setItem(this.#name, option);
      dataset[this.#name] = option;
    }
    colourTheFrame();
  }
}

export const theme = new Choice('theme', ['system', 'light', 'dark']);
export const textSize = new Choice('textSize', ['normal', 'small', 'large', 'largest']);

/** The browser's own frame goes along with what was chosen against the system. */
function colourTheFrame(): void {
  const { chosen } = theme;
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[data-scheme]')) {
    const { scheme } = meta.dataset;
    if (chosen === 'system') meta.media = `(prefers-color-scheme: ${scheme})`;
    else meta.media = chosen === scheme ? 'all' : 'not all';
  }
}

colourTheFrame();
