/**
 * `npm run mutants`: puts one mistake at a time into a copy of the project, and runs the tests that should notice. Prints
 * which did. A mutant that no test notices is a promise that nobody watches; the exit code says so.
 * MUTANTS=part of a name plays those alone.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mutants, type Mutant } from './list.ts';

const root = path.join(import.meta.dirname, '../..');
/** A mutant may hang: that, too, somebody notices. */
const longestMs = 240_000;
const wanted = process.env['MUTANTS'] ?? '';
const played = mutants.filter(({ name }) => name.includes(wanted));

const copy = mkdtempSync(path.join(tmpdir(), 'opentalk-mutants-'));
process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
const left = new Set(['node_modules', 'dist', '.git', 'data', 'test-results']);
cpSync(root, copy, {
  recursive: true,
  filter: (source) => path.dirname(source) !== root || !left.has(path.basename(source)),
});
symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));

for (const file of new Set(played.flatMap(({ by }) => by))) {
  if ((await run(file)) !== 'passes') {
    console.error(`${file} does not pass without a mutant: mend that first.`);
    process.exit(1);
  }
}
const rows: string[] = [];
let survivors = 0;
for (const mutant of played) {
  const began = Date.now();
  const noticed = await play(mutant);
  if (noticed === undefined) survivors += 1;
  const seconds = ((Date.now() - began) / 1_000).toFixed(0);
  const row = `| ${mutant.promise} | ${mutant.name} | ${noticed ?? '**nobody**'} | ${seconds} s |`;
  console.log(row);
  rows.push(row);
}
console.log(
  ['', '| promise | mutant | noticed by | after |', '| --- | --- | --- | --- |', ...rows].join('\n'),
);
console.log(`\n${played.length - survivors} of ${played.length} mutants were noticed.`);
process.exit(survivors > 0 ? 1 : 0);

/** The first test file that fails with the mutant in place; undefined if none does. */
async function play({ file, from, to, by }: Mutant): Promise<string | undefined> {
  const place = path.join(copy, file);
  const source = readFileSync(place, 'utf8');
  writeFileSync(
    place,
    source.replace(from, () => to),
  );
  try {
    for (const test of by) {
      const end = await run(test);
      if (end === 'passes') continue;
      return path.basename(test) + (end === 'hangs' ? ' (hangs)' : '');
    }
    return undefined;
  } finally {
    writeFileSync(place, source);
  }
}

function run(file: string): Promise<'passes' | 'fails' | 'hangs'> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--test', file], {
      cwd: copy,
      env: { ...process.env, MODEL_RUNS: '100', NODE_TEST_CONTEXT: undefined },
      stdio: 'ignore',
      detached: true, // so that what it has started ends with it
    });
    const timer = setTimeout(() => {
      process.kill(-child.pid!, 'SIGKILL');
      resolve('hangs');
    }, longestMs);
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(code === 0 ? 'passes' : 'fails');
    });
  });
}
