/** The build makes plain names of private ones (.config/minify-source.ts), which a parent and its child must not share. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

const client = path.join(import.meta.dirname, '../../client');
const sources = globSync('**/*.ts', { cwd: client }).map((file) =>
  readFileSync(path.join(client, file), 'utf8'),
);

/** Class → its parent and its private names. */
const classes = new Map(
  sources.flatMap((source) =>
    source.split(/^(?=(?:export )?(?:abstract )?class )/m).flatMap((part) => {
      const [, name, parent] =
        /^(?:export )?(?:abstract )?class (\w+)(?:<[^{]*?>)?(?: extends (\w+))?/.exec(part) ?? [];
      const names = [...part.matchAll(/^ {2}(?:\w+ )*#(\w+)/gm)].map(([, own]) => own!);
      return name === undefined ? [] : ([[name, { parent, names }]] as const);
    }),
  ),
);

describe('private names', () => {
  it('are those of one class in a line of parents', () => {
    assert.ok(classes.size > 20);
    for (const [name, { parent, names }] of classes) {
      for (let above = parent; above !== undefined; above = classes.get(above)?.parent) {
        const shared = names.filter((own) => classes.get(above)?.names.includes(own));
        assert.deepEqual(shared, [], `${name} and ${above}`);
      }
    }
  });

  it('are only asked of this', () => {
    for (const source of sources) {
      const code = source.replaceAll(/`[^`]*`|'[^'\n]*'|\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      assert.doesNotMatch(code, /(?<!\bthis\??)\.#\w/);
      assert.doesNotMatch(code, /#\w+ in /);
      assert.doesNotMatch(
        code,
        /[A-Za-z]_\b(?!_)/,
        'the build takes a name with an underscore at its end for a private one',
      );
    }
  });
});
