/** The catalogue of faults: every test that it names exists, and `npm test` shows what is covered and what is not. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { abuseRows } from './catalogue/abuse.ts';
import { clientRows } from './catalogue/client.ts';
import { networkRows } from './catalogue/network.ts';
import { standingOf, type Row, type Standing } from './catalogue/rows.ts';
import { serverRows } from './catalogue/server.ts';

const testFolder = path.join(import.meta.dirname, '..');
const chapters = { C: clientRows, N: networkRows, S: serverRows, A: abuseRows };
const lengths = { C: 25, N: 17, S: 24, A: 26 };
const rows: Row[] = Object.values(chapters).flat();

describe('the catalogue of faults', () => {
  it('has every row once, in order', () => {
    for (const [letter, chapter] of Object.entries(chapters)) {
      const ids = Array.from(
        { length: lengths[letter as keyof typeof lengths] },
        (_, n) => `${letter}${n + 1}`,
      );
      assert.deepEqual(
        chapter.map(({ id }) => id),
        ids,
      );
    }
  });

  it('names tests that exist', () => {
    for (const { id, by = [] } of rows) {
      for (const [file, title] of by) {
        const place = path.join(testFolder, file);
        assert.ok(existsSync(place), `${id}: there is no ${file}`);
        assert.ok(readFileSync(place, 'utf8').includes(title), `${id}: ${file} has no test '${title}'`);
      }
    }
  });

  it('is covered as the table says', (t) => {
    const counts = new Map<Standing, number>();
    for (const row of rows) {
      const standing = standingOf(row);
      counts.set(standing, (counts.get(standing) ?? 0) + 1);
      const files = [...new Set(row.by?.map(([file]) => path.basename(file)))].join(', ');
      const more = row.cannot ?? [files, row.missing && `not: ${row.missing}`].filter(Boolean).join('; ');
      t.diagnostic(`${row.id.padEnd(4)}${standing.padEnd(9)}${row.fault.padEnd(70)} ${more}`);
    }
    t.diagnostic([...counts].map(([standing, count]) => `${count} ${standing}`).join(', '));
    assert.equal(rows.length, 92);
  });
});
