/**
 * The image, without the program that builds images: its files are put together as the Dockerfile says, with the packages
 * that `npm ci --omit=dev --omit=optional` would bring, and its command is run in there.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { ApiPerson } from '../support/person.ts';
import { freePort } from '../support/free-port.ts';
import { missing } from '../support/installed.ts';

const root = path.join(import.meta.dirname, '../..');
const deploy = path.join(root, 'server/deploy');
const isBuilt = existsSync(path.join(root, 'dist/index.html'));

interface Instruction {
  name: string;
  rest: string;
}

/** The stages, each from its FROM on. */
const stages = readFileSync(path.join(deploy, 'Dockerfile'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line): Instruction => ({ name: line.split(' ')[0]!, rest: line.slice(line.indexOf(' ') + 1) }))
  .reduce<Instruction[][]>((all, instruction) => {
    if (instruction.name === 'FROM') all.push([]);
    all.at(-1)!.push(instruction);
    return all;
  }, []);
const last = stages.at(-1)!;

/** COPY as its sources and its target; what is copied from another stage apart. */
function copies(stage: Instruction[], fromStage: boolean): { sources: string[]; target: string }[] {
  return stage
    .filter(({ name, rest }) => name === 'COPY' && rest.startsWith('--from=') === fromStage)
    .map(({ rest }) => rest.split(' ').filter((word) => !word.startsWith('--')))
    .map((words) => ({ sources: words.slice(0, -1), target: words.at(-1)! }));
}

function only(name: string): string {
  const found = last.filter((instruction) => instruction.name === name);
  assert.equal(found.length, 1, name);
  return found[0]!.rest;
}

/** Of a JSON list of words at the end of an instruction. */
function command(rest: string): string[] {
  return JSON.parse(rest.slice(rest.indexOf('['))) as string[];
}

describe('the image', () => {
  const image = mkdtempSync(path.join(tmpdir(), 'opentalk-image-'));
  after(() => rmSync(image, { recursive: true }));

  it('is made of files that are there, and that its build is let see', () => {
    const [all, ...seen] = readFileSync(path.join(deploy, 'Dockerfile.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    assert.equal(all, '*');
    for (const source of stages.flatMap((stage) => copies(stage, false)).flatMap(({ sources }) => sources)) {
      assert.ok(existsSync(path.join(root, source)), source);
      assert.ok(seen.includes(`!${source}`), `${source} is ignored`);
    }
  });

  it('is of the Node that is tried here, of one exact version, and does not run as root', () => {
    const { optionalDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      optionalDependencies: { node: string };
    };
    for (const [from] of stages)
      assert.match(from!.rest, RegExp(`^node:${optionalDependencies.node}-alpine( AS |$)`));
    assert.equal(only('USER'), 'node');
    const runs = stages.flat().filter(({ name, rest }) => name === 'RUN' && rest.startsWith('npm'));
    assert.deepEqual(
      runs.map(({ rest }) => rest),
      ['npm ci --omit=optional', 'npm ci --omit=dev --omit=optional'],
    );
  });

  it(
    'has all that its command needs: it serves the page and the API, and is healthy',
    { skip: isBuilt ? false : 'the page is not built' },
    async () => {
      for (const { sources, target } of copies(last, false)) {
        for (const source of sources) {
          const place = path.join(image, target, target.endsWith('/') ? path.basename(source) : '');
          cpSync(path.join(root, source), place, { recursive: true });
        }
      }
      const fromStages = copies(last, true).map(({ target }) => target);
      assert.deepEqual(fromStages, ['node_modules', 'dist']);
      cpSync(path.join(root, 'dist'), path.join(image, 'dist'), { recursive: true });
      linkPackages(path.join(image, 'node_modules'));
      const port = await freePort();
      const [program, ...parameters] = command(only('CMD'));
      assert.equal(program, 'node');
      const env = { PORT: String(port), DATA_DIR: path.join(image, 'data'), NODE_ENV: 'production' };
      const server = spawn(process.execPath, ['--preserve-symlinks', ...parameters], {
        cwd: image,
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      after(() => server.kill('SIGKILL'));
      for await (const line of server.stdout) if (String(line).includes('OpenTalk is ready')) break;
      server.stdout.resume();
      const page = await fetch(`http://127.0.0.1:${port}/`);
      assert.match(await page.text(), /<title>/);
      const ann = await ApiPerson.signIn(`http://127.0.0.1:${port}`, 'ann');
      assert.equal((await ann.send(ann.draft('ann', 'a note')))[0]!.status, 'accepted');
      const health = only('HEALTHCHECK').split(' CMD ')[1]!;
      const isHealthy = () =>
        spawnSync('/bin/sh', ['-c', health], { env: { ...process.env, ...env } }).status === 0;
      const hasWget = missing('wget') === false;
      if (hasWget) assert.ok(isHealthy());
      const ended = once(server, 'exit');
      server.kill(only('STOPSIGNAL') as NodeJS.Signals);
      assert.deepEqual(await ended, [0, null]);
      if (hasWget) assert.ok(!isHealthy());
    },
  );
});

/** The packages of the lockfile that a server runs on, and no other. */
function linkPackages(folder: string): void {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: true; optional?: true; devOptional?: true }>;
  };
  for (const [place, { dev, optional, devOptional }] of Object.entries(packages)) {
    if (place === '' || dev || optional || devOptional) continue;
    const target = path.join(folder, path.relative('node_modules', place));
    mkdirSync(path.dirname(target), { recursive: true });
    if (!existsSync(target)) symlinkSync(path.join(root, place), target);
  }
}
