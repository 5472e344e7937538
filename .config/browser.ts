/**
 * Finds a Chromium for the tests, and gets one where there is none. Nothing is downloaded that is already there,
 * and nothing is installed behind anybody's back except as root, where a machine is usually made for this.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright';

/**
 * What only costs: Chromium loads two pages for its address bar into every window, which on two cores takes longer than
 * most tests. The last such argument wins, so Playwright's own are said again.
 */
const withoutFeatures = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];

/** What the tests start a browser with: without a sandbox for root, and without what it does in the background. */
export const browserArguments = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${withoutFeatures.join()}`,
];

/** CHROMIUM_PATH, or an installed Chromium or Chrome, or undefined. Installs nothing. */
export function findChromium(): string | undefined {
  return process.env['CHROMIUM_PATH'] || candidates().find((file) => existsSync(file) && starts(file));
}

/** A Chromium, installed if need be. Undefined means the one that Playwright keeps for itself. */
export function ensureChromium(): string | undefined {
  const found = findChromium();
  if (found !== undefined) {
    if (!existsSync(found)) throw new Error(`CHROMIUM_PATH names ${found}, and there is no such file.`);
    return found;
  }
  if (isRoot() && aptInstall('chromium')) {
    const installed = findChromium();
    if (installed !== undefined) return installed;
  }
  run(process.execPath, [
    path.join(import.meta.dirname, '../node_modules/playwright/cli.js'),
    'install',
    'chromium',
  ]);
  if (existsSync(chromium.executablePath())) return undefined;
  throw new Error(
    'The tests need a Chromium: install Chromium or Chrome, or set CHROMIUM_PATH to one, and run them again.',
  );
}

/** Letters beyond Latin, so that screenshots show text instead of boxes. False if some are still missing. */
export function ensureFonts(): boolean {
  if (process.platform !== 'linux' || hasFonts()) return true;
  return isRoot() && aptInstall('fontconfig', 'fonts-noto-core', 'fonts-noto-color-emoji') && hasFonts();
}

/** Firefox and WebKitGTK, for the story that is told in them too. False if one is missing: then it is left out there. */
export function ensureOtherBrowsers(): boolean {
  if (process.platform !== 'linux') return false;
  const has = () =>
    ['firefox-esr', 'WebKitWebDriver', 'Xvfb'].every((name) => existsSync(`/usr/bin/${name}`));
  return has() || (isRoot() && aptInstall('firefox-esr', 'webkit2gtk-driver', 'xvfb') && has());
}

function hasFonts(): boolean {
  return [':lang=ar', ':lang=th', ':lang=hi', 'Noto Color Emoji'].every(
    (pattern) => spawnSync('fc-list', [pattern]).stdout?.length > 0,
  );
}

function candidates(): string[] {
  const environment = process.env;
  if (process.platform === 'darwin') {
    return ['Chromium', 'Google Chrome', 'Microsoft Edge'].flatMap((name) =>
      ['/Applications', `${environment['HOME']}/Applications`].map(
        (folder) => `${folder}/${name}.app/Contents/MacOS/${name}`,
      ),
    );
  }
  if (process.platform === 'win32') {
    const folders = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) => environment[name]);
    const programs = ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe'];
    return folders
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => ['Chromium/Application/chrome.exe', ...programs].map((p) => path.join(folder, p)));
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (environment['PATH'] ?? '').split(path.delimiter);
  return names.flatMap((name) =>
    [...folders, '/usr/bin', '/snap/bin'].map((folder) => path.join(folder, name)),
  );
}

/** Some systems have a stand-in of that name that only says how to install the real one. */
function starts(file: string): boolean {
  if (process.platform !== 'linux') return true; // asked for its version on Windows, it opens a window
  return spawnSync(file, ['--version', '--no-sandbox']).status === 0;
}

const isRoot = () => process.getuid?.() === 0;

function aptInstall(...packages: string[]): boolean {
  return (
    run('apt-get', ['update']) && run('apt-get', ['install', '-y', '--no-install-recommends', ...packages])
  );
}

/** Runs a command in sight of whoever waits for it. False if it is missing or failed. */
function run(command: string, parameters: string[]): boolean {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, parameters, { stdio: 'inherit', env: environment }).status === 0;
}
