/** What lost packets cost, by the model of the fault proxy, and that the proxy charges it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { handshakeMs, nextRetransmissionMs, retransmissionMs } from '../support/packet-loss.ts';
import { RawClient } from '../support/raw-client.ts';

/** Loses as often as this says, then never again. */
const losing = (times: number) => () => (times-- > 0 ? 0 : 1 - Number.EPSILON);

describe('lost packets', () => {
  it('cost nothing where none is lost, and one timeout, then twice as much, where the same is lost again', () => {
    const costs = [0, 1, 2, 3].map((times) =>
      retransmissionMs(100, { lossRate: 0.3, rttMs: 100, random: losing(times) }),
    );
    assert.deepEqual(costs, [0, 300, 900, 2_100]);
  });

  it('of many at once cost as much as the one that was lost most often', () => {
    // The first packet once, the second twice, the third never.
    const draws = [0, 1, 0, 0, 1, 1];
    const random = () => draws.shift()!;
    assert.equal(retransmissionMs(4_000, { lossRate: 0.3, rttMs: 0, random }), 600);
  });

  it('at the beginning of a connection cost seconds', () => {
    const cost = (times: number) => handshakeMs({ lossRate: 0.3, rttMs: 80, random: losing(times) });
    assert.deepEqual([cost(0), cost(1), cost(2)], [80, 1_080, 3_080]);
  });

  it('are said again at the next time that is due, when nothing went through for a while', () => {
    assert.equal(nextRetransmissionMs(5_000, 100), 9_300);
    assert.equal(nextRetransmissionMs(100, 100), 300);
  });

  it('hold up what is behind them: everything comes, in order, and late', async () => {
    const server = http.createServer((_, response) => void response.end('answer'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const proxy = await startFaultProxy((server.address() as AddressInfo).port, { random: losing(1) });
    proxy.lose(0.5);
    const began = performance.now();
    const client = new RawClient(proxy.port).ask('/');
    await client.hears('answer');
    assert.ok(performance.now() - began >= 1_000, 'the first packet of the handshake was lost');
    client.socket.destroy();
    await proxy.close();
    server.close();
  });
});
