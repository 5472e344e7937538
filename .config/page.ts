/**
 * index.html as it is served: the styles of the first paint inlined, the scripts named by their hashes.
 * The server makes the Content Security Policy's hash from what it finds here, so nothing else knows of it.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { transform } from 'esbuild';
import type { Scripts } from './bundle.ts';

export async function writePage(
  root: string,
  dist: string,
  { entry, imported, chatPage }: Scripts,
): Promise<void> {
  const client = path.join(root, 'client');
  const css = await readFile(path.join(client, 'styles.css'), 'utf8');
  const { code } = await transform(css, { loader: 'css', minify: true });
  const page = fill(await readFile(path.join(client, 'index.html'), 'utf8'), {
    '<!-- styles -->': `<style>${code.trim()}</style>`,
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
  let minified = page.replaceAll(/<!--.*?-->\s*/gs, '').replaceAll(/\s*\n\s*/g, '\n');
  for (const [script] of page.matchAll(/(?<=<script>).*?(?=<\/script>)/gs)) {
    const { code } = await transform(script, { minify: true, target: 'es2022' });
    minified = minified.replace(script.replaceAll(/\s*\n\s*/g, '\n'), () => code.trim());
  }
  return minified;
}

function fill(html: string, contents: Record<string, string>): string {
  return Object.entries(contents).reduce((page, [placeholder, content]) => {
    if (page.split(placeholder).length !== 2)
      throw new Error(`client/index.html must hold ${placeholder} exactly once.`);
    return page.replace(placeholder, () => content);
  }, html);
}
