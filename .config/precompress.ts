/**
 * A .br and a .gz beside every text file, made once with the slowest settings, so that no request pays for it.
 */
import { glob, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const textFiles = '**/*.{html,js,mjs,css,svg,json,webmanifest,map,txt}';

/** Compresses what stands in `dist`. */
export async function precompress(dist: string): Promise<void> {
  const files = await Array.fromAsync(glob(textFiles, { cwd: dist }));
  await Promise.all(files.map((file) => compress(path.join(dist, file))));
}

async function compress(file: string): Promise<void> {
  const { br, gz } = await compressed(await readFile(file));
  await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)]);
}

export async function compressed(content: Buffer): Promise<{ br: Buffer; gz: Buffer }> {
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }),
    promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }),
  ]);
  return { br, gz };
}
