/** The real app: page, service worker and server as they are. */
import path from 'node:path';
import { expect } from 'playwright/test';
import { Phone } from '../../../e2e/phone.ts';
import { startTestServer } from '../../../support/start-test-server.ts';
import type { Contender } from '../contender.ts';

const pageFolder = path.join(import.meta.dirname, '../../../../dist');

export const openTalk: Contender = {
  name: 'OpenTalk',
  async start() {
    const server = await startTestServer({ pageFolder });
    return { port: server.port, close: () => server.remove() };
  },
  async enter(context, port, nick) {
    const phone = await Phone.takeWith(context, port);
    context.once('close', () => void phone.network.close());
    await phone.signIn(nick);
    return phone.page;
  },
  async meet(page, other) {
    await page.getByRole('link', { name: new RegExp(`^${other}`) }).click();
    await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible();
  },
};
