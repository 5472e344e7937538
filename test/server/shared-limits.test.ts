/** Limits that several nodes share without waiting for each other. */
import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import type { NodeMessage } from '../../server/bus/node-message.ts';
import { limits, makeLimits } from '../../server/http/rate-limit.ts';
import { SharedLimits } from '../../server/http/shared-limits.ts';

/** Nodes that hear each other; what they say is passed on by `pass`. */
function someNodes(howMany: number) {
  const told: { from: number; message: NodeMessage }[] = [];
  const nodes = Array.from(
    { length: howMany },
    (_, from) => new SharedLimits(makeLimits(), (message) => told.push({ from, message })),
  );
  return {
    nodes,
    told,
    pass() {
      mock.timers.runAll();
      for (const { from, message } of told.splice(0)) {
        assert.ok(message.kind === 'taken');
        for (const [n, node] of nodes.entries()) if (n !== from) node.hear(message, 0);
      }
    },
  };
}

describe('limits of several nodes', () => {
  it('give little more together than one alone', () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const { nodes, pass } = someNodes(3);
    let given = 0;
    for (let n = 0; n < 3_000; n += 1) {
      if (nodes[n % 3]!.buckets.messages.take('ann', 1, 0) === 0) given += 1;
      pass();
    }
    const { capacity } = limits.messages;
    assert.ok(given >= capacity && given <= 1.5 * capacity, `${given} of ${capacity}`);
    for (const node of nodes) node.end();
    mock.timers.reset();
  });

  it('tell the others nothing of who takes little, and once what is taken in a moment', () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const { nodes, told } = someNodes(2);
    for (let n = 0; n < 49; n += 1) nodes[0]!.buckets.messages.take('ann', 1, 0);
    mock.timers.runAll();
    assert.deepEqual(told, []);
    for (let n = 0; n < 20; n += 1) nodes[0]!.buckets.messages.take('ann', 2, 0);
    mock.timers.runAll();
    const takes = [{ limit: 'messages', key: 'ann', cost: 40 }];
    assert.deepEqual(told, [{ from: 0, message: { kind: 'taken', takes } }]);
    mock.timers.reset();
  });

  it('take a batch into debt, and what another node gave into more', () => {
    const { nodes } = someNodes(1);
    const [node] = nodes as [SharedLimits];
    const hear = (limit: string) =>
      node.hear({ kind: 'taken', takes: [{ limit, key: 'ann', cost: 250 }] }, 0);
    hear('of a newer version');
    assert.equal(node.buckets.messages.take('ann', 100, 0), 0);
    hear('messages');
    const { perSecond } = limits.messages;
    assert.equal(node.buckets.messages.wait('ann', 0), 151 / perSecond);
    node.end();
  });
});
