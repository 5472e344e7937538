/** A refusal costs little. An error that nobody foresaw: the log has it, and whoever asked learns only that there was one. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import express from 'express';
import { pino } from 'pino';
import { problemHandler, Refused } from '../../server/http/problem.ts';
import { RefusalLog } from '../../server/http/refusal-log.ts';

describe('a refusal', () => {
  it('does not write down where it was made, and what is a mistake still does', () => {
    assert.equal(new Refused('rate_limited', 'Too fast.').stack, 'Error: Too fast.');
    assert.match(new Error('a mistake').stack!, /problem\.test\.ts/);
  });
});

describe('an unforeseen error', () => {
  it('is logged whole, and told to nobody', async () => {
    const lines: string[] = [];
    const app = express();
    app.get('/broken', () => {
      throw new Error('SELECT secret FROM table');
    });
    const logger = pino({}, { write: (line: string) => void lines.push(line) });
    app.use(problemHandler({ logger, refusals: new RefusalLog(logger) }));
    const server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/broken`);
    const answer: unknown = await response.json();
    server.close();

    assert.deepEqual(answer, { type: 'about:blank', title: 'Internal error', status: 500 });
    assert.equal(response.status, 500);
    const [line] = lines.map((each) => JSON.parse(each) as { err: { message: string; stack: string } });
    assert.equal(line!.err.message, 'SELECT secret FROM table');
    assert.match(line!.err.stack, /problem\.test\.ts/);
  });
});
