/** A browser with a profile on the disk, which can be killed as a system kills it, and started again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext } from 'playwright/test';
import { browserArguments, findChromium } from '../../.config/browser.ts';
import { phoneScreen } from './phone.ts';

/** A sync that failed is tried again after 2 s instead of 5 minutes. */
const quickSync = [
  '--force-fieldtrials=BackgroundSync/Quick',
  '--force-fieldtrial-params=BackgroundSync.Quick:initial_retry_delay_sec/2/retry_delay_factor/1/max_sync_attempts/10/min_recovery_time_sec/1',
];

export class KillableBrowser {
  readonly #profile: string;
  #context: BrowserContext | undefined;

  private constructor(profile: string) {
    this.#profile = profile;
  }

  static async start(): Promise<KillableBrowser> {
    const device = new KillableBrowser(await mkdtemp(path.join(tmpdir(), 'opentalk-profile-')));
    await device.start();
    return device;
  }

  get context(): BrowserContext {
    return this.#context!;
  }

  async start(): Promise<void> {
    const executablePath = findChromium();
    this.#context = await chromium.launchPersistentContext(this.#profile, {
      ...phoneScreen,
      args: [...browserArguments, ...quickSync],
      ...(executablePath === undefined ? {} : { executablePath }),
    });
  }

  /** Ends it as a person does, and starts it again. */
  async restart(): Promise<void> {
    await this.context.close();
    await this.start();
  }

  /** Ends it without a chance to do anything more. */
  async kill(): Promise<void> {
    const devtools = await this.context.browser()!.newBrowserCDPSession();
    const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
    const main = processInfo.find(({ type }) => type === 'browser')!;
    const gone = new Promise((resolve) => this.context.once('close', resolve));
    process.kill(main.id, 'SIGKILL');
    await gone;
  }

  async remove(): Promise<void> {
    await this.#context?.close();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 20 });
  }
}
