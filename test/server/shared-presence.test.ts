/** Who is online on several nodes, where messages between them get lost. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { NodeMessage } from '../../server/bus/node-message.ts';
import { SharedPresence } from '../../server/realtime/shared-presence.ts';

const leaseMs = 300;

/** Two nodes that hear each other while `isUp`, and say what they see change. */
function twoNodes(t: TestContext) {
  const link = { isUp: true };
  const changes: string[] = [];
  const waiting = new Set<() => void>();
  const nodes: SharedPresence[] = ['one', 'two'].map(
    (name, n) =>
      new SharedPresence({
        graceMs: 0,
        leaseMs,
        now: () => new Date(),
        onChange({ personId, online, isOurs }) {
          changes.push(`${name}: ${personId} ${online ? 'on' : 'off'}${isOurs ? ', noted' : ''}`);
          for (const look of waiting) look();
        },
        tell: (message) => link.isUp && hear(nodes[1 - n]!, name, message),
      }),
  );
  t.after(() => nodes.forEach((node) => node.close()));

  function hear(node: SharedPresence, from: string, message: NodeMessage): void {
    switch (message.kind) {
      case 'hello':
      case 'moved':
      case 'everybody':
      case 'gone':
        return node.hear(from, message);
      case 'ask':
        return node.tellEverybody();
      default:
        assert.fail(message.kind);
    }
  }

  return {
    one: nodes[0]!,
    two: nodes[1]!,
    link,
    changes,
    hello() {
      if (!link.isUp) return;
      hear(nodes[1]!, 'one', nodes[0]!.hello());
      hear(nodes[0]!, 'two', nodes[1]!.hello());
    },
    until: (change: string) =>
      new Promise<void>((resolve) => {
        const look = () => changes.includes(change) && resolve();
        waiting.add(look);
        look();
      }),
  };
}

describe('presence on several nodes', { timeout: 10_000 }, () => {
  it('is that of all of them, and who leaves is noted by the node that they left', async (t) => {
    const { one, two, changes, hello, until } = twoNodes(t);
    hello();
    const ann = one.enter('ann');
    assert.equal(one.isOnline('ann'), true);
    await until('two: ann on');
    assert.equal(two.isOnline('ann'), true);
    one.leave(ann);
    await until('two: ann off');
    assert.equal(two.lastSeen('ann'), one.lastSeen('ann'));
    assert.deepEqual(changes, ['one: ann on, noted', 'two: ann on', 'one: ann off, noted', 'two: ann off']);
  });

  it('is right again after a change got lost', async (t) => {
    const { one, two, link, hello, until } = twoNodes(t);
    hello();
    const ann = one.enter('ann');
    await until('two: ann on');
    link.isUp = false;
    one.enter('bob');
    one.leave(ann);
    await until('one: ann off, noted');
    one.tellEverybody(); // to nobody
    link.isUp = true;
    one.enter('carol');
    await until('one: carol on, noted');
    assert.equal(two.isOnline('bob'), false);
    hello();
    await Promise.all([until('two: bob on'), until('two: ann off'), until('two: carol on')]);
  });

  it('ends with the lease of a node that is not heard, and is noted by who hears that', async (t) => {
    const { one, two, link, hello, until } = twoNodes(t);
    hello();
    one.enter('ann');
    await until('two: ann on');
    link.isUp = false;
    const lostAt = Date.now();
    await until('two: ann off, noted');
    assert.equal(two.isOnline('ann'), false);
    assert.equal(one.isOnline('ann'), true, 'here they are still');
    assert.ok(Date.parse(two.lastSeen('ann')!) <= lostAt, 'last seen when their node was last heard');
    link.isUp = true;
    hello();
    await until('two: ann on');
  });

  it('is not ended by who leaves one node and is on another', async (t) => {
    const { one, two, changes, hello, until } = twoNodes(t);
    hello();
    const ann = one.enter('ann');
    await until('two: ann on');
    two.enter('ann');
    one.leave(ann);
    one.enter('bob');
    await until('two: bob on');
    assert.equal(one.isOnline('ann'), true);
    assert.equal(changes.filter((change) => change.includes('ann off')).length, 0);
    assert.deepEqual(two.everybody(), ['ann']);
  });
});
