/** The dashboard, the notes and the compose file name only what there is. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readConfig } from '../../server/config.ts';
import { createFigures } from '../../server/metrics/figures.ts';

const read = (file: string) =>
  readFileSync(path.join(import.meta.dirname, '../../server/deploy', file), 'utf8');

describe('what is given to operators', () => {
  let told: string;
  const figures = createFigures({
    listeners: () => 0,
    connections: () => Promise.resolve(0),
    online: () => 0,
    longestLagMs: () => 0,
    isLinkUp: () => true,
  });
  before(async () => {
    told = await figures.registry.metrics();
  });
  after(() => figures.registry.clear());

  for (const file of ['grafana.json', 'README.md']) {
    it(`${file} names figures that a server tells`, () => {
      const named = read(file).match(/\b(opentalk|nodejs|process)_[a-z0-9_]+\b/g) ?? [];
      assert.ok(named.length > 3);
      for (const name of named) {
        const figure = name.replace(/_(bucket|sum|count)$/, '');
        assert.ok(told.includes(`# TYPE ${figure} `), `nobody tells ${name}`);
      }
    });
  }

  it('grafana.json shows every figure of ours', () => {
    const own = [...told.matchAll(/^# TYPE (opentalk_\w+) /gm)].map(([, name]) => name!);
    assert.ok(own.length > 10);
    const dashboard = read('grafana.json');
    for (const name of own) assert.ok(dashboard.includes(name), `${name} is not shown`);
  });

  it('compose.yaml sets what the server reads, and reads well', () => {
    const block = /^ {4}environment:\n((?: {6}.*\n)+)/m.exec(read('compose.yaml'))![1]!;
    const settings = Object.fromEntries(
      block
        .trim()
        .split('\n')
        .map((line) => /^\s*(\w+): '?([^'#]*[^'# ])/.exec(line)!.slice(1) as [string, string])
        .map(([name, value]) => [name, value.replace(/\$\{\w+:\?[^}]*\}/g, 'x')]),
    );
    const reading = readConfig(settings);
    assert.deepEqual(reading.ok ? [] : reading.problems, []);
    assert.deepEqual(reading.ok && [reading.config.trustProxy, reading.config.metricsPort], [1, 9090]);
    assert.ok(settings['REDIS_URL'] && settings['DATABASE_URL']);
  });
});
