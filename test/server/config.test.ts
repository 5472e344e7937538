import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readConfig } from '../../server/config.ts';

describe('the settings', () => {
  it('have defaults, and an empty one counts as unset', () => {
    const reading = readConfig({ PORT: '', PUBLIC_URL: '', RATE_LIMIT: '' });
    assert.ok(reading.ok);
    assert.deepEqual(reading, readConfig({}));
    assert.equal(reading.config.port, 8080);
    assert.equal(reading.config.heartbeatMs, 15_000);
    assert.equal(reading.config.rateLimits, true);
    assert.equal(reading.config.serviceWorker, true);
  });

  it('are read', () => {
    const reading = readConfig({
      PORT: '9000',
      PUBLIC_URL: 'https://chat.example.org/',
      TRUST_PROXY: '1',
      RATE_LIMIT: 'off',
      SERVICE_WORKER: 'off',
    });
    assert.ok(reading.ok);
    const { port, publicUrl, trustProxy, rateLimits, serviceWorker } = reading.config;
    assert.deepEqual([port, publicUrl, trustProxy], [9000, 'https://chat.example.org', 1]);
    assert.deepEqual([rateLimits, serviceWorker], [false, false]);
  });

  it('that are wrong are all said at once', () => {
    const reading = readConfig({
      PORT: 'eighty',
      PUBLIC_URL: 'chat.example.org',
      RATE_LIMIT: 'maybe',
      SERVICE_WORKER: 'later',
      DATABASE_URL: 'postgres://localhost/x',
    });
    assert.ok(!reading.ok);
    const said = reading.problems.map((problem) => problem.split(' ')[0]);
    assert.deepEqual(said, ['DATABASE_URL', 'PORT', 'PUBLIC_URL', 'RATE_LIMIT', 'SERVICE_WORKER']);
  });
});
