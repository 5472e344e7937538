/**
 * The words of each language: a file of its own that a page fetches, under a name that changes with its content, and what
 * index.html says before that file is here.
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import type { FirstPack } from '../client/words/first-words.ts';
import { languages, type Language } from '../client/words/languages.ts';
import type { Words } from '../client/words/words.ts';

export type FirstPacks = Record<Language, FirstPack>;

export async function writeWords(root: string, dist: string): Promise<FirstPacks> {
  const names = Object.keys(languages) as Language[];
  const packs = await Promise.all(
    names.map(async (name) => [name, await writePack(root, dist, name)] as const),
  );
  return Object.fromEntries(packs) as FirstPacks;
}

async function writePack(root: string, dist: string, language: Language): Promise<FirstPack> {
  const words = JSON.parse(await readFile(path.join(root, `client/words/${language}.json`), 'utf8')) as Words;
  const content = JSON.stringify(words);
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8);
  const address = `/assets/words-${language}-${hash}.json`;
  await writeFile(path.join(dist, address), content);
  const { heading, hint, label, button } = words.signIn;
  return { address, form: { heading, hint, label, button } };
}

/** The script that chooses among them before the first paint. */
export async function bundleFirstWords(root: string, packs: FirstPacks): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['client/words/first-words.ts'],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    define: { __PACKS__: JSON.stringify(packs) },
    write: false,
  });
  return outputFiles[0]!.text.trim();
}
