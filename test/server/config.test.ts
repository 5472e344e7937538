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
      DATABASE_URL: 'mysql://localhost/x',
    });
    assert.ok(!reading.ok);
    const said = reading.problems.map((problem) => problem.split(' ')[0]);
    assert.deepEqual(said, ['DATABASE_URL', 'PORT', 'PUBLIC_URL', 'RATE_LIMIT', 'SERVICE_WORKER']);
  });

  it('name Redis only beside a database that several nodes share, and never repeat its password', () => {
    const problems = (environment: Record<string, string>) => {
      const reading = readConfig(environment);
      return reading.ok ? [] : reading.problems.filter((problem) => problem.startsWith('REDIS_URL'));
    };
    assert.match(String(problems({ REDIS_URL: 'redis://localhost' })), /set DATABASE_URL too/);
    const database = { DATABASE_URL: 'postgres://localhost/x' };
    assert.deepEqual(problems({ ...database, REDIS_URL: 'rediss://:secret@localhost:6380/1' }), []);
    const wrong = String(problems({ ...database, REDIS_URL: 'http://:secret@localhost' }));
    assert.match(wrong, /must be an address like redis:/);
    assert.ok(!wrong.includes('secret'));
  });

  it('holds a nick for 30 days and quarantines it for 90 unless told otherwise', () => {
    const times = (environment: Record<string, string>) => {
      const reading = readConfig(environment);
      return reading.ok
        ? [reading.config.holdNicksMs, reading.config.quarantineNicksMs].map((ms) => ms / 86_400_000)
        : reading.problems;
    };
    assert.deepEqual(times({}), [30, 90]);
    assert.deepEqual(times({ HOLD_NICKS_DAYS: '7', QUARANTINE_NICKS_DAYS: '1' }), [7, 1]);
    assert.match(String(times({ HOLD_NICKS_DAYS: '0' })), /whole number from 1/);
  });

  it('keeps everything unless told otherwise, and no event for longer than its message', () => {
    const keeps = (environment: Record<string, string>) => {
      const reading = readConfig(environment);
      return reading.ok ? [reading.config.keepMessagesMs, reading.config.keepEventsMs] : reading.problems;
    };
    assert.deepEqual(keeps({}), [undefined, undefined]);
    const days = { KEEP_MESSAGES_DAYS: '90', KEEP_EVENTS_DAYS: '30' };
    assert.deepEqual(keeps(days), [90 * 86_400_000, 30 * 86_400_000]);
    assert.match(String(keeps({ ...days, KEEP_EVENTS_DAYS: '91' })), /^KEEP_EVENTS_DAYS must not be more/);
    assert.match(String(keeps({ KEEP_EVENTS_DAYS: '0' })), /whole number from 1/);
  });
});
