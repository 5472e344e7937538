/**
 * The hashed files of earlier builds, kept beside the new ones: a page that is still open, or a worker that was half
 * updated, asks for them by name and must not get a 404. They are served, and never precached.
 */
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const keptMs = 30 * 24 * 60 * 60 * 1_000;
const keptBuilds = 10;
/** When each kept file was replaced: name → ISO 8601. Its name begins with a dot, so it is not served. */
const notesFile = '.replaced.json';
/** Scripts and words, their compressed forms, and nothing that only a developer asks for. */
const isKept = (file: string) => /\.(js|json)(\.br|\.gz)?$/.test(file);

/** Copies from the folder of the last build into that of the new one what a page may still ask for. */
export async function keepPreviousAssets(previous: string, next: string, now: Date): Promise<void> {
  const [before, current] = await Promise.all([listAssets(previous), listAssets(next)]);
  const notes = await readNotes(previous);
  const replaced = before
    .filter((file) => isKept(file) && !current.includes(file))
    .map((file) => ({ file, at: notes[file] ?? now.toISOString() }));
  // Files of one build were replaced at one time.
  const builds = [...new Set(replaced.map(({ at }) => at))].toSorted().slice(-keptBuilds);
  const oldest = new Date(now.getTime() - keptMs).toISOString();
  const kept = replaced.filter(({ at }) => at >= oldest && builds.includes(at));
  for (const { file } of kept) {
    await copyFile(path.join(previous, 'assets', file), path.join(next, 'assets', file));
  }
  const nextNotes = Object.fromEntries(kept.map(({ file, at }) => [file, at]));
  await writeFile(path.join(next, notesFile), JSON.stringify(nextNotes));
}

async function listAssets(folder: string): Promise<string[]> {
  return (await orNothing(readdir(path.join(folder, 'assets')))) ?? [];
}

async function readNotes(folder: string): Promise<Record<string, string>> {
  const text = await orNothing(readFile(path.join(folder, notesFile), 'utf8'));
  return text === undefined ? {} : (JSON.parse(text) as Record<string, string>);
}

/** The first build has none before it. */
async function orNothing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
