/** WebKitGTK's little browser, driven by its own WebDriver on a display that nobody sees. It is not Safari on iOS. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import net from 'node:net';
import { Builder, Capabilities } from 'selenium-webdriver';
import type { DrivenBrowser } from './driven-browser.ts';

const driverPath = '/usr/bin/WebKitWebDriver';
const [browserPath] = globSync('/usr/lib/*/webkit2gtk-4.*/MiniBrowser');
export const hasWebKit = existsSync(driverPath) && browserPath !== undefined && existsSync('/usr/bin/Xvfb');

/** The driver waits for ever for a browser that does not start. */
const startWithinMs = 40_000;

export async function startWebKit(): Promise<DrivenBrowser> {
  const programs: ChildProcess[] = [];
  const stop = () => programs.forEach((program) => program.kill());
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('WebKitGTK does not start.')), startWithinMs);
  try {
    return await Promise.race([start(programs, stop), late.promise]);
  } catch (error) {
    // Left alone they would keep this process alive.
    stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function start(programs: ChildProcess[], stop: () => void): Promise<DrivenBrowser> {
  // Xvfb chooses a display that is free, and says which.
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x900x24'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  programs.push(screen);
  const display = await new Promise<string>((resolve) => {
    screen.stdio[3]!.once('data', (bytes: Buffer) => resolve(`:${bytes.toString().trim()}`));
  });
  const port = await freePort();
  const driver = spawn(driverPath, [`--port=${port}`], {
    env: { ...process.env, DISPLAY: display, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
    stdio: 'ignore',
  });
  programs.push(driver);
  await untilListening(port, driver);
  const capabilities = new Capabilities({
    browserName: 'MiniBrowser',
    'webkitgtk:browserOptions': { binary: browserPath, args: ['--automation'] },
  });
  const session = await new Builder()
    .usingServer(`http://127.0.0.1:${port}`)
    .withCapabilities(capabilities)
    .build();
  const found = await session.getCapabilities();
  return {
    version: `WebKitGTK ${found.getBrowserVersion()}`,
    async open(address) {
      await session.get('about:blank'); // the only window it has; the page before is gone by that
      await session.get(address);
    },
    run: (expression) => session.executeScript(`return ${expression}`),
    type: (text) => session.actions().sendKeys(text.replaceAll('\n', '\uE007')).perform(),
    picture: async () => Buffer.from(await session.takeScreenshot(), 'base64'),
    async quit() {
      await session.quit();
      stop();
    },
  };
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilListening(port: number, driver: ChildProcess): Promise<void> {
  for (;;) {
    if (driver.exitCode !== null) throw new Error('WebKitWebDriver has ended.');
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
