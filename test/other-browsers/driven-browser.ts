/**
 * A browser as the story needs it, whoever drives it: one page at a time, scripts in it, and real keys.
 */
export interface DrivenBrowser {
  /** Name and version, as the browser says them. */
  version: string;
  /** Opens an address in a page of its own; the one before is closed. */
  open(address: string): Promise<void>;
  /** Evaluates an expression in the page. */
  run(expression: string): Promise<unknown>;
  /** Presses keys; '\n' is Enter. */
  type(text: string): Promise<void>;
  picture(): Promise<Buffer>;
  quit(): Promise<void>;
}

/** For scripts in the page: the first element that fits, also inside of components. */
export const deeply = `
  const deeply = (selector, root = document) => all(selector, root)[0];
  const all = (selector, root = document) => [
    ...root.querySelectorAll(selector),
    ...[...root.querySelectorAll('*')].flatMap((element) => element.shadowRoot ? all(selector, element.shadowRoot) : []),
  ];`;
