/** A phone without a network whose device is full of messages, slowed down as a cheap one is. */
import type { Browser, CDPSession } from 'playwright';
import { Phone } from '../../e2e/phone.ts';
import { fillDevice } from '../../support/fill-device.ts';
import { fullDevice, type FullDevice } from '../../support/full-device.ts';
import type { TestServer } from '../../support/start-test-server.ts';

export const slowdown = 4;
export const runs = 3;

/** Phones so far: no two have one nick. */
let taken = 0;

export interface Bench {
  browser: Browser;
  server: TestServer;
}

export interface FullPhone {
  phone: Phone;
  device: FullDevice;
}

export async function takeFullPhone(
  { browser, server }: Bench,
  counts: { conversations: number; messages: number },
): Promise<FullPhone> {
  const phone = await Phone.take(browser, server.port);
  taken += 1;
  await phone.signIn(`owner${taken}`);
  await phone.enterTunnel();
  const me = await phone.page.evaluate(
    () => JSON.parse(localStorage.getItem('known')!) as { id: string; nick: string },
  );
  const device = fullDevice(me, counts, Date.now());
  await fillDevice(phone.page, device);
  await phone.closeApp();
  return { phone, device };
}

/** A new page of the app with a CPU that is slowed down, before anything is loaded. */
export async function newPage(phone: Phone, rate = slowdown): Promise<CDPSession> {
  phone.page = await phone.context.newPage();
  const devtools = await phone.context.newCDPSession(phone.page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate });
  return devtools;
}
