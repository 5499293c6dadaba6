import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import { loadConfig, withDatabaseAt } from '../../../src/platform/config/config.js';
import { databaseName } from '../../../src/platform/database/backup/swap.js';

const SECRETS = { EVENTLY_JWT_SECRET: 'x'.repeat(32), EVENTLY_TICKET_KEY: 'A'.repeat(43) };

describe('settings', () => {
  test('a feature that is not set up is absent as a whole, and one that is has all it needs', () => {
    const parts = (env: NodeJS.ProcessEnv) => {
      const { redis, broker, tracing, metrics, payments } = loadConfig({ ...SECRETS, ...env });
      return { redis, broker, tracing, metrics, stripe: payments.stripe };
    };
    assert.deepEqual(parts({ EVENTLY_METRICS: 'off', REDIS_URL: '' }), {
      redis: undefined,
      broker: undefined,
      tracing: undefined,
      metrics: undefined,
      stripe: undefined,
    });
    const all = parts({
      REDIS_URL: 'redis://cache',
      AMQP_URL: 'amqp://broker',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector/',
      EVENTLY_METRICS_TOKEN: 'a token for Prometheus',
      STRIPE_SECRET_KEY: 'sk_test_1',
      STRIPE_WEBHOOK_SECRET: 'whsec_1',
    });
    assert.deepEqual(all, {
      redis: { url: 'redis://cache', timeoutMs: 10 },
      broker: { url: 'amqp://broker' },
      tracing: { endpoint: 'http://collector', share: 0.01, service: 'evently' },
      metrics: { readers: 'token', token: 'a token for Prometheus' },
      stripe: {
        secretKey: 'sk_test_1',
        webhookSecret: 'whsec_1',
        publishableKey: null,
        apiBase: 'https://api.stripe.com',
      },
    });
  });

  test('the database is the given one, or the embedded one where it runs', () => {
    const given = loadConfig({ ...SECRETS, DATABASE_URL: 'postgres://db/evently' });
    const { url, embedded } = withDatabaseAt('postgres://db/evently', given).database;
    assert.deepEqual([url, embedded], ['postgres://db/evently', false]);
    const alone = withDatabaseAt('postgres://127.0.0.1:5555/evently', loadConfig(SECRETS)).database;
    assert.deepEqual([alone.url, alone.embedded], ['postgres://127.0.0.1:5555/evently', true]);
  });

  test('addresses in mails have one slash, however PUBLIC_URL ends', () => {
    for (const PUBLIC_URL of ['https://tickets.example', 'https://tickets.example/'])
      assert.equal(loadConfig({ ...SECRETS, PUBLIC_URL }).http.publicUrl, 'https://tickets.example');
  });

  test('the name of a database ends its URL, whatever the hosts; without one no command begins', () => {
    assert.equal(databaseName('postgres://a:b@one:5432,two:5432/my%20events?x=/y'), 'my events');
    for (const url of ['postgres://db', 'postgres://db/', 'postgres://a:b@one,two?x=/y'])
      assert.throws(() => databaseName(url), /DATABASE_URL names no database/);
  });
});
