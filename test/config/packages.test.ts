/** The packages that are installed are those that somebody looked at: of one version each, known by their hash. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

type Versions = Record<string, string>;
const manifest = read('package.json') as Record<string, Versions | undefined>;
const lock = read('package-lock.json') as { packages: Record<string, { integrity?: string; dev?: true }> };

describe('the packages', () => {
  it('that are asked for are of one exact version', () => {
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
      for (const [name, version] of Object.entries(manifest[kind]!)) {
        assert.match(version, /^\d+\.\d+\.\d+$/, name);
      }
    }
  });

  it('that a server runs on are looked at each week, and listed', () => {
    const look = readFileSync(path.join(root, '.github/workflows/packages.yml'), 'utf8');
    assert.match(look, /- cron: '\d+ \d+ \* \* \d'/);
    for (const command of ['npm audit --omit=dev', 'npm audit signatures', 'npm sbom --omit=dev']) {
      assert.ok(look.includes(`- run: ${command}`), command);
    }
  });

  it('that a server runs on are known by the hash of what is in them', () => {
    const served = Object.entries(lock.packages).filter(([place, { dev }]) => place !== '' && !dev);
    assert.ok(served.length > 20);
    for (const [place, { integrity }] of served) assert.match(integrity ?? '', /^sha512-/, place);
  });
});
