/**
 * index.html as it is served: the styles and words of the first paint inlined, the scripts named by their hashes.
 * The server makes the Content Security Policy's hash from what it finds here, so nothing else knows of it.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { transform } from 'esbuild';
import type { Scripts } from './bundle.ts';
import { bundleFirstWords, type FirstPacks } from './words.ts';

export async function writePage(
  root: string,
  dist: string,
  { entry, imported, chatPage }: Scripts,
  packs: FirstPacks,
): Promise<void> {
  const client = path.join(root, 'client');
  const sheets = ['tokens.css', 'styles.css'].map((name) => readFile(path.join(client, name), 'utf8'));
  const css = (await Promise.all(sheets)).join('');
  const { form } = packs.en;
  const { code } = await transform(css, { loader: 'css', minify: true });
  const page = fill(await readFile(path.join(client, 'index.html'), 'utf8'), {
    '<!-- styles -->': `<style>${code.trim()}</style>`,
    '<!-- first words -->': `<script>${await bundleFirstWords(root, packs)}</script>`,
    '%heading%': form.heading,
    '%hint%': form.hint,
    '%label%': form.label,
    '%button%': form.button,
    "'%chat-page%'": JSON.stringify(chatPage),
  });
  const html = fill(await minify(page), {
    // Named here, so that they are asked for together instead of one after the other.
    '<app />': [
      ...imported.map((address) => `<link rel="modulepreload" href="${address}" />`),
      `<script type="module">${entry}</script>`,
    ].join(''),
  });
  await writeFile(path.join(dist, 'index.html'), html);
}

/** Without what is for its readers: comments, indentation, and the length of what the inline scripts say. */
async function minify(page: string): Promise<string> {
  const bare = page.replaceAll(/<!--.*?-->\s*/gs, '').replaceAll(/\s*\n\s*/g, '\n');
  const parts = bare.split(/(?<=<script>)(.*?)(?=<\/script>)/s);
  if (parts.length === 1) throw new Error('client/index.html has no inline script any more.');
  const minified = await Promise.all(
    parts.map(async (part, index) => {
      if (index % 2 === 0) return part;
      return (await transform(part, { minify: true, target: 'es2022' })).code.trim();
    }),
  );
  return minified.join('');
}

function fill(html: string, contents: Record<string, string>): string {
  return Object.entries(contents).reduce((page, [placeholder, content]) => {
    if (page.split(placeholder).length !== 2)
      throw new Error(`client/index.html must hold ${placeholder} exactly once.`);
    return page.replace(placeholder, () => content);
  }, html);
}
