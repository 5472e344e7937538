/**
 * What a bundler leaves that a slower minifier finds: what is used once, said twice, or computed already. It is 2 kB of
 * what a phone loads, for a second of a build.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { minify, type MinifyOptions } from 'terser';
import terser from 'terser/package.json' with { type: 'json' };

const options: MinifyOptions = {
  module: true,
  ecma: 2020,
  compress: { passes: 2 },
  format: { comments: false },
};

/** For the bundler to name its scripts by, too: what becomes of the same script must not change under the same name. */
export const minifierMark = `/* terser ${terser.version} ${JSON.stringify(options)} */`;

/** Minifies a script of the bundler, and its source map, in place. */
export async function minifyOutput(file: string): Promise<void> {
  const [script, map] = await Promise.all([readFile(file, 'utf8'), readFile(`${file}.map`, 'utf8')]);
  const [link] = /\/\/# sourceMappingURL=.*/.exec(script) ?? [];
  if (link === undefined) throw new Error(`${file} names no source map.`);
  // A copy: it writes what it assumed into the options.
  const minified = await minify(script, { ...structuredClone(options), sourceMap: { content: map } });
  await Promise.all([
    writeFile(file, `${minified.code!}\n${link}\n`),
    writeFile(`${file}.map`, minified.map as string),
  ]);
}
