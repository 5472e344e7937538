import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { eventKinds, parseEvent, parseEventBatch } from '../../server/protocol/events.ts';
import { parseProblem } from '../../server/protocol/problem.ts';
import {
  historyAnswerSchema,
  messageSchema,
  peopleAnswerSchema,
  receiptsSchema,
  sessionAnswerSchema,
  signInSchema,
  snapshotSchema,
  stretchSchema,
  submitAnswerSchema,
  submitSchema,
} from '../../server/protocol/requests.ts';
import {
  array,
  arrayOfKnown,
  count,
  either,
  matching,
  Misfit,
  nullable,
  numberFrom,
  object,
  oneOf,
  optional,
  orElse,
  parse,
  string,
  type Schema,
} from '../../server/protocol/schema.ts';

const wire: Schema<unknown>[] = [
  historyAnswerSchema,
  messageSchema,
  peopleAnswerSchema,
  receiptsSchema,
  sessionAnswerSchema,
  signInSchema,
  snapshotSchema,
  stretchSchema,
  submitAnswerSchema,
  submitSchema,
];

/** Whatever JSON can say, and keys that are not only harmless. */
const anyJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.jsonValue(),
    fc.dictionary(fc.constantFrom(...Object.keys(person()), 'results', '__proto__'), tie('value')),
    fc.array(tie('value')),
  ),
})).value;

function person(): Record<string, unknown> {
  return { id: '1', nick: 'ann', online: true, lastSeen: null };
}

describe('a schema', () => {
  it('never throws, whatever comes, and reads nothing twice differently', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), anyJson), (value) => {
        for (const schema of wire) {
          const first = schema(value);
          if (first instanceof Misfit) assert.match(first.sentence, / must be /);
          else assert.deepEqual(schema(first), first);
        }
        for (const kind of [...eventKinds, 'toString', '__proto__']) parseEvent(kind, value);
        parseEventBatch(value);
        parseProblem(value);
      }),
    );
  });

  it('refuses every value of the wrong kind', () => {
    const wrong: [Schema<unknown>, unknown[]][] = [
      [string, [1, null, undefined, {}, [], true]],
      [count, [-1, 0.5, NaN, Infinity, 2 ** 53, '1', null, 1n]],
      [numberFrom(0.05), [0, -1, NaN, Infinity, '1', null]],
      [oneOf('a', 'b'), ['c', '', null, ['a'], 'toString']],
      [matching(/^\d$/), ['', '12', 1, null]],
      [nullable(string), [undefined, 1]],
      [array(string, 1, 2), [[], ['a', 'b', 'c'], [1], 'a', { 0: 'a', length: 1 }, null]],
      [object({ a: string }), [{}, [], null, 'a', { a: 1 }, Object.assign(() => {}, { a: 'x' })]],
      [either(string, count), [null, -1, {}]],
    ];
    for (const [schema, values] of wrong) {
      for (const value of values) assert.ok(schema(value) instanceof Misfit, `${String(value)} passed`);
    }
  });

  it('takes an object as it was written, without what it does not know', () => {
    const schema = object({ id: string, seq: count, name: optional(string), left: orElse(count, 7) });
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.dictionary(fc.string(), fc.jsonValue()), (id, seq, more) => {
        const known = { id, seq, left: 1 };
        const { name: _name, ...others } = more;
        assert.deepEqual(parse(schema, { ...others, ...known }), known);
        assert.deepEqual(parse(schema, { ...others, ...known, name: id }), { ...known, name: id });
      }),
    );
  });

  it('does without one field only where that is said', () => {
    for (const key of Object.keys(person())) {
      const { [key]: _left, ...without } = person();
      assert.equal(parse(sessionAnswerSchema, { me: without }), undefined, key);
    }
    assert.deepEqual(parse(sessionAnswerSchema, { me: person() }), { me: person() });
  });

  it('says what does not fit, and where', () => {
    const draft = { id: '1', to: 'bob', text: 'x', composedAt: 'now' };
    const sentenceOn = (body: unknown) => {
      const misfit = submitSchema(body);
      return misfit instanceof Misfit && misfit.sentence;
    };
    const messages = [draft, { ...draft, text: 7 }];
    assert.equal(sentenceOn({ messages }), 'messages.1.text must be text.');
    assert.equal(sentenceOn(7), 'The body must be an object.');
  });

  it('can fall back, and can pass over what it does not know', () => {
    assert.equal(parse(orElse(oneOf('a'), 'a'), 'new'), 'a');
    assert.deepEqual(parse(arrayOfKnown(count), [1, 'new', 2]), [1, 2]);
    assert.equal(parse(arrayOfKnown(count), 'new'), undefined);
  });

  it('gives an object no other prototype', () => {
    const output = parse(object({ a: optional(string) }), JSON.parse('{"__proto__": {"a": "x"}}'));
    assert.deepEqual(Object.getPrototypeOf(output), Object.prototype);
    assert.deepEqual(output, {});
  });
});
