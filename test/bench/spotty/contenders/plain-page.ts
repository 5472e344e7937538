/** The page of those who are compared: as little as a chat can be, with a script of its own way to the server. */
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'playwright/test';
import type { Contender } from '../contender.ts';

/** `script` has `say(text)` to show what came, and sets `send` to a function that takes what was written. */
export function plainPage(script: string, head = ''): string {
  return `<!doctype html><meta charset="utf-8"><title>Chat</title>${head}
<ol role="log"></ol>
<form><textarea aria-label="Message"></textarea><button aria-label="Send">Send</button></form>
<script>
let send;
function say(text) {
  const item = document.createElement('li');
  item.innerHTML = '<span class="text"></span>';
  item.firstChild.textContent = text;
  document.querySelector('ol').append(item);
}
document.querySelector('form').onsubmit = (event) => {
  event.preventDefault();
  const field = document.querySelector('textarea');
  send(field.value);
  field.value = '';
};
const connected = () => { document.body.dataset.connected = ''; };
${script}
</script>`;
}

/** There is nothing to sign in to. */
export const enterPlainPage: Pick<Contender, 'enter' | 'meet'> = {
  async enter(context, port, nick) {
    const page = await context.newPage();
    await page.goto(`http://localhost:${port}/?${nick}`);
    await expect(page.locator('body[data-connected]')).toBeAttached();
    return page;
  },
  meet: () => Promise.resolve(),
};

export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

export function servePage(page: string): RequestListener {
  return (_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page);
  };
}
