/**
 * Who may import whom is told to the linter as patterns, and a pattern that matches nothing is silent.
 * So each wall is tried here: the project's own lint settings look at files that break it, in a scratch folder.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

const root = path.join(import.meta.dirname, '../..');

/** A file of the project, what it may import, and what it may not. */
const walls: [file: string, allowed: string[], forbidden: string[]][] = [
  [
    'server/main.ts',
    ['./config.ts', './http/session.ts', './store/sqlite-store.ts', 'express', 'node:http'],
    ['../client/session.ts', '../sw/sw.ts', '../test/support/clock.ts'],
  ],
  [
    'server/protocol/events.ts',
    ['./requests.ts'],
    ['../config.ts', '../store/event-store.ts', '../../client/session.ts', 'express', 'node:fs', 'lit'],
  ],
  [
    'server/http/messages.ts',
    ['./session.ts', '../inbox/accept.ts', '../store/event-store.ts', '../protocol/events.ts', 'express'],
    ['../main.ts', '../app.ts', '../../client/store/outbox.ts', '../../sw/sw.ts', '../../test/a.ts'],
  ],
  [
    'server/inbox/follow.ts',
    ['./accept.ts', '../realtime/hub.ts', '../store/event-store.ts', '../bus/event-bus.ts', 'node:events'],
    ['../http/session.ts', '../main.ts', '../../client/session.ts', '../../sw/sw.ts', 'express'],
  ],
  [
    'server/realtime/hub.ts',
    ['./presence.ts', '../store/event-store.ts', '../protocol/events.ts', 'node:http'],
    ['../http/session.ts', '../inbox/follow.ts', '../app.ts', '../../client/session.ts', 'express'],
  ],
  [
    'server/store/sqlite.ts',
    ['./event-store.ts', '../protocol/events.ts', 'node:sqlite'],
    ['../http/session.ts', '../realtime/hub.ts', '../inbox/follow.ts', '../../client/store/a.ts', 'express'],
  ],
  [
    'server/bus/event-bus.ts',
    ['./signal.ts', '../protocol/events.ts', 'node:events'],
    ['../http/session.ts', '../realtime/hub.ts', '../inbox/follow.ts', '../../sw/sw.ts', 'express'],
  ],
  [
    'client/main.ts',
    ['./session.ts', './ui/app.ts', './store/outbox.ts', '../server/protocol/nick.ts', 'workbox-window'],
    ['../sw/sw.ts', '../server/config.ts', '../test/support/clock.ts', 'node:fs', 'express'],
  ],
  [
    'client/ui/app.ts',
    ['./icon.ts', '../sync/chat.ts', '../store/outbox.ts', '../../server/protocol/nick.ts', 'lit'],
    ['../main.ts', '../../server/config.ts', '../../sw/sw.ts', '../../test/a.ts', 'idb', 'workbox-window'],
  ],
  [
    'client/ui/row.ts',
    ['lit/decorators.js', 'lit/directives/repeat.js'],
    [
      'lit/directives/unsafe-html.js',
      'lit/directives/unsafe-svg.js',
      'lit/directives/style-map.js',
      'lit/static-html.js',
    ],
  ],
  [
    'client/sync/engine.ts',
    [
      './leader.ts',
      '../store/outbox.ts',
      '../session.ts',
      '../service-worker.ts',
      '../../server/protocol/a.ts',
    ],
    ['../ui/app.ts', '../main.ts', '../../server/config.ts', '../../sw/sw.ts', '../../test/a.ts', 'lit'],
  ],
  [
    'client/store/outbox.ts',
    ['./database.ts', '../../server/protocol/requests.ts', 'idb'],
    ['../ui/app.ts', '../sync/chat.ts', '../session.ts', '../../server/http/a.ts', '../../sw/sw.ts', 'lit'],
  ],
  [
    'sw/sw.ts',
    ['./push.ts', '../client/store/outbox.ts', '../server/protocol/nick.ts'],
    ['../client/sync/chat.ts', '../client/ui/app.ts', '../client/main.ts', '../server/config.ts', 'lit'],
  ],
  ['.config/build.ts', ['./bundle.ts', 'esbuild', 'playwright/test'], ['../test/support/clock.ts']],
];

describe('The import walls', () => {
  let scratch: string;

  before(async () => {
    scratch = await mkdtemp(path.join(tmpdir(), 'opentalk-walls-'));
    await cp(path.join(root, '.oxlintrc.json'), path.join(scratch, '.oxlintrc.json'));
    await symlink(path.join(root, 'node_modules'), path.join(scratch, 'node_modules'), 'junction');
  });
  after(() => rm(scratch, { recursive: true, force: true }));

  for (const [file, allowed, forbidden] of walls) {
    it(`let ${file} import what it may, and nothing else`, async () => {
      const lines = [
        ...allowed.map((specifier) => `import '${specifier}';`),
        ...forbidden.flatMap((specifier) => [
          `import '${specifier}';`,
          `export * from '${specifier}';`,
          `await import('${specifier}');`,
        ]),
      ];
      const firstForbidden = allowed.length + 1;
      const expected = lines.map((_, index) => index + 1).filter((line) => line >= firstForbidden);
      assert.deepEqual(await refusedLines(file, lines), expected);
    });
  }

  it('see types as well as values', async () => {
    const lines = ["import type { A } from '../ui/app.ts';", "export type B = import('../ui/app.ts').B | A;"];
    assert.deepEqual(await refusedLines('client/store/types.ts', lines), [1, 2]);
  });

  it('keep out the one name of Lit that lets strings past its escaping', async () => {
    const lines = ["import { css } from 'lit';", "import { unsafeCSS } from 'lit';"];
    assert.deepEqual(await refusedLines('client/ui/style.ts', lines), [2]);
  });

  /** The lines of `file` that the linter finds at fault for what they import, in order. */
  async function refusedLines(file: string, lines: string[]): Promise<number[]> {
    const target = path.join(scratch, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, `${lines.join('\n')}\n`);
    const linter = path.join(root, 'node_modules/oxlint/bin/oxlint');
    const run = spawnSync(process.execPath, [linter, '-f', 'json', target], {
      cwd: scratch,
      encoding: 'utf8',
    });
    assert.equal(run.error, undefined);
    const report = JSON.parse(run.stdout) as {
      diagnostics: { code: string; labels: { span: { line: number } }[] }[];
    };
    const refusals = report.diagnostics.filter(({ code }) => /restricted-imports|type-imports/.test(code));
    return [...new Set(refusals.flatMap(({ labels }) => labels.map(({ span }) => span.line)))].toSorted(
      (a, b) => a - b,
    );
  }
});
