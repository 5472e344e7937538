/** Where a benchmark leaves what it measured: one name, and an ending for each form. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(import.meta.dirname, '../../.bench');

export function keepResults(name: string, forms: { md: string; json: unknown; svg: string }): void {
  mkdirSync(folder, { recursive: true });
  const write = (ending: string, text: string) => writeFileSync(path.join(folder, `${name}.${ending}`), text);
  write('md', `${forms.md}\n`);
  write('json', `${JSON.stringify(forms.json, null, 1)}\n`);
  write('svg', forms.svg);
  console.log(`\nIn ${path.relative(process.cwd(), folder)}: ${name}.md, ${name}.json, ${name}.svg`);
}
