/**
 * Preloaded (--import) into a program whose own code a test wants changed: a smaller number, or a mistake that must be
 * found. SOURCE_CHANGES holds them as JSON. A change that finds nothing to change ends the program: the code has moved on.
 */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

export interface SourceChange {
  /** The end of the file's name. */
  file: string;
  from: string;
  to: string;
}

const changes = JSON.parse(process.env['SOURCE_CHANGES'] ?? '[]') as SourceChange[];

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const own = changes.filter(({ file }) => url.endsWith(file));
    if (own.length === 0 || loaded.source == null) return loaded;
    let source = Buffer.from(loaded.source as Uint8Array).toString();
    for (const { file, from, to } of own) {
      if (!source.includes(from)) throw new Error(`There is no '${from}' in ${file} any more.`);
      source = source.replace(from, () => to);
    }
    return { ...loaded, source };
  },
});

/** How to start a program with these changes. */
export function withChanges(made: readonly SourceChange[]): { execArgv: string[]; env: NodeJS.ProcessEnv } {
  return {
    execArgv: ['--import', pathToFileURL(import.meta.filename).href],
    env: { SOURCE_CHANGES: JSON.stringify(made) },
  };
}
