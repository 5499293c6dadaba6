import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, test } from '@jest/globals';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import { BrokerOutage, countAgain } from '../../support/broker-outage.js';
import { describeWith } from '../../support/needing.js';
import { until } from '../../support/until.js';

describeWith('rabbitmq-server')('facts to RabbitMQ', () => {
  let unaware: TestApp;
  let at: BrokerOutage;
  beforeAll(async () => {
    // A replica that knows of no broker is there first and leads what it can.
    unaware = await startApp();
    await until(async () => (await leads(unaware)) === 1);
    const { database } = unaware.config;
    at = await BrokerOutage.prepare((amqpUrl) => startApp({ broker: { url: amqpUrl }, database }));
  });
  afterAll(async () => {
    await at?.close();
    await unaware?.close();
  });

  const leads = async (app: TestApp): Promise<number> => {
    const { rows } = await app.db.query(
      `SELECT count(*)::int AS held FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE locktype = 'advisory' AND granted AND datname = current_database() AND application_name = 'evently-relay'`,
    );
    return rows[0].held;
  };

  test('publishes though a replica without the broker leads the handlers', async () => {
    await at.allArrived();
    assert.equal(await leads(unaware), 2);
    const stateAt = async (app: TestApp) => (await app.client().get('/health/status')).body.facts.broker;
    assert.deepEqual([await stateAt(unaware), await stateAt(at.app)], ['off', 'connected']);
  });

  test('publishes each fact under its kind, persistent, with an id that is always the same', async () => {
    const { app, sale, consumer } = at;
    await at.allArrived();
    const published = consumer.deliveries.find(({ key }) => key === 'event.published');
    const { rows } = await app.db.query(`SELECT * FROM fact WHERE type = 'event.published'`);
    const [fact] = rows;
    assert.deepEqual(published, {
      key: 'event.published',
      messageId: `event:${sale.eventId}:${fact.version}`,
      persistent: true,
      correlationId: fact.correlation_id,
      body: {
        id: `event:${sale.eventId}:${fact.version}`,
        type: 'event.published',
        occurredAt: fact.occurred_at.toISOString(),
        stream: 'event',
        streamId: sale.eventId,
        version: fact.version,
        eventId: sale.eventId,
        actor: sale.organizer.id,
        correlationId: fact.correlation_id,
        data: fact.data,
      },
    });
  });

  test('a broker that is killed, away for a while and back: every fact arrives, in order, and seats are sold meanwhile', async () => {
    const { app, rabbit, consumer } = at;
    const selling = at.sell(1_000, 9_000);
    await sleep(1_000);
    await rabbit.stop('SIGKILL');
    await sleep(3_000);
    await until(async () => {
      const { facts } = (await app.client().get('/health/status')).body;
      return facts.broker === 'standby' && facts.waitingSeconds > 1;
    });
    await rabbit.resume();
    await selling;
    await at.allArrived();
    countAgain(consumer.deliveries);
    assert.equal((await app.client().get('/health/status')).body.facts.broker, 'connected');
    await assertAuditClean(app);
  });

  test('a leader that loses its lead: nothing is lost and the order stays', async () => {
    const { app, consumer } = at;
    const before = countAgain(consumer.deliveries);
    const selling = at.sell(300, 5_000);
    for (let kills = 0; kills < 3; kills++) {
      await sleep(1_200);
      await app.db.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'evently-relay'`,
      );
    }
    await selling;
    await at.allArrived();
    // Each leader may have published one wave without noting it.
    assert.ok(countAgain(consumer.deliveries) - before <= 3 * 200);
  });
});
