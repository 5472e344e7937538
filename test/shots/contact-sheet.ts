/** All pictures on one page: a row for each screen, a column for each theme and width. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface Shot {
  screen: string;
  /** Theme and width. */
  variant: string;
  file: string;
}

/** Returns where it is. */
export async function writeContactSheet(folder: string, shots: readonly Shot[]): Promise<string> {
  const variants = [...new Set(shots.map(({ variant }) => variant))];
  const screens = Map.groupBy(shots, ({ screen }) => screen);
  const rows = [...screens].map(
    ([screen, taken]) =>
      `<tr><th id="${screen}">${screen}</th>${variants.map((variant) => cell(taken, variant)).join('')}</tr>`,
  );
  const sheet = path.join(folder, 'index.html');
  await writeFile(
    sheet,
    `<!doctype html>
<meta charset="utf-8">
<title>${shots.length} pictures of OpenTalk</title>
<style>
  body { font: 14px system-ui; background: #777; margin: 8px }
  th { position: sticky; top: 0; left: 0; background: #777; text-align: start; vertical-align: top; padding: 4px }
  img { display: block; height: 420px }
</style>
<table>
<thead><tr><th></th>${variants.map((variant) => `<th>${variant}</th>`).join('')}</tr></thead>
${rows.join('\n')}
</table>
`,
  );
  return sheet;
}

function cell(taken: readonly Shot[], variant: string): string {
  const shot = taken.find((one) => one.variant === variant);
  if (!shot) return '<td></td>';
  return `<td><a href="${shot.file}"><img loading="lazy" src="${shot.file}" alt="${shot.screen} ${variant}"></a></td>`;
}
