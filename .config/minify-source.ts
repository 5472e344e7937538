/**
 * What a bundler cannot know that it may leave out of our sources, as a plugin: read before anything else is done to them.
 */
import { readFile } from 'node:fs/promises';
import { transform, type Plugin } from 'esbuild';

/** What esbuild shall shorten, wherever it is: the names that `withPlainNames` gives. */
export const plainNames = /^[A-Za-z]+_$/;

/** `target` is the one of the bundle. */
export function minifySource(target: string): Plugin {
  return {
    name: 'minify-source',
    setup({ onLoad }) {
      onLoad({ filter: /client[\\/](ui[\\/]|sync[\\/])?[^\\/]+\.ts$/ }, async ({ path: file }) => {
        const source = withPlainNames(await readFile(file, 'utf8'));
        return { loader: 'ts', contents: await minifyStyles(withoutIndentation(source), target) };
      });
    },
  };
}

/**
 * `#name` → `name_`. Where a class has decorators, or fields that are assigned instead of defined, esbuild has to make
 * each private name a WeakMap or a WeakSet, which a phone has to load and then to look into at every access. That they are
 * private has been checked by then. A class must not have a private name of its parent: test/config sees to that.
 */
function withPlainNames(source: string): string {
  return source.replaceAll(/(\bthis\??\.|^\s*(?:static |readonly |async |get |set )*)#(\w+)/gm, '$1$2_');
}

/**
 * Templates and styles keep their indentation in a bundle, because it could mean something there. Here it never does, and
 * it is a tenth of what a phone has to load.
 */
function withoutIndentation(source: string): string {
  return source.replaceAll(/^[ \t]+/gm, '');
}

/** Styles without anything filled in are plain CSS, which esbuild can minify. */
async function minifyStyles(source: string, target: string): Promise<string> {
  let minified = source;
  for (const [whole, styles] of source.matchAll(/css`([^`$]*)`/g)) {
    const { code } = await transform(styles!, { loader: 'css', minify: true, target });
    minified = minified.replace(whole, () => `css\`${code.trim()}\``);
  }
  return minified;
}
