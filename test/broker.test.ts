import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApp, type TestApp } from './support/app.js';
import { assertAuditClean } from './support/audit.js';
import { type Delivery, FactConsumer } from './support/fact-consumer.js';
import { openSale, plainHall, type Sale } from './support/halls.js';
import type { Person } from './support/people.js';
import { RabbitMq } from './support/rabbitmq.js';
import { without } from './support/tools.js';
import { until } from './support/until.js';

describe('facts to RabbitMQ', { skip: without('rabbitmq-server') }, () => {
  let rabbit: RabbitMq;
  let consumer: FactConsumer;
  let app: TestApp;
  let sale: Sale;
  let people: Person[];
  let seat = 0;

  const ids = async (): Promise<Set<string>> => {
    const { rows } = await app.db.query(
      `SELECT stream || ':' || stream_id || ':' || version AS id FROM fact`,
    );
    return new Set(rows.map(({ id }) => id));
  };
  const arrived = () => new Set(consumer.deliveries.map(({ messageId }) => messageId));
  const allArrived = async () => {
    await until(async () => arrived().size >= (await ids()).size, 60_000);
    assert.deepEqual(arrived(), await ids());
  };
  /** Who drops what it has seen gets each stream without a gap. @returns how many were dropped */
  const assertInOrder = (deliveries: readonly Delivery[]): number => {
    const seen = new Map<string, number>();
    let again = 0;
    for (const { body } of deliveries) {
      const stream = `${body.stream} ${body.streamId}`;
      const last = seen.get(stream) ?? 0;
      assert.ok(body.version <= last + 1, `${stream}: ${body.version} after ${last}`);
      if (body.version <= last) again++;
      else seen.set(stream, body.version);
    }
    return again;
  };

  /** Holds so many seats, one after the other over the time given; every other one is let go of again. */
  const sell = async (count: number, ms: number): Promise<void> => {
    const began = Date.now();
    for (let i = 0; i < count; i++) {
      await sleep(Math.max(0, began + (ms * i) / count - Date.now()));
      const { client } = people[i % people.length]!;
      const { status, body } = await client.post(`/events/${sale.eventId}/holds`, { seats: [seat++] });
      assert.equal(status, 201, JSON.stringify(body));
      if (i % 2 === 0) assert.equal((await client.delete(`/bookings/${body.id}`)).status, 204);
    }
  };

  before(async () => {
    rabbit = await RabbitMq.start();
    consumer = new FactConsumer(rabbit.url, 'other-system');
    app = await startApp({ amqpUrl: rabbit.url });
    people = await app.people(20);
    sale = await openSale(app, plainHall(40, 40));
  });

  after(async () => {
    await app?.close();
    await consumer?.stop();
    await rabbit?.remove();
  });

  it('publishes each fact under its kind, persistent, with an id that is always the same', async () => {
    await allArrived();
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

  it('a broker that is killed, away for a while and back: every fact arrives, in order, and seats are sold meanwhile', async () => {
    const selling = sell(1_000, 9_000);
    await sleep(1_000);
    await rabbit.stop('SIGKILL');
    await sleep(3_000);
    await rabbit.resume();
    await selling;
    await allArrived();
    assertInOrder(consumer.deliveries);
    await assertAuditClean(app);
  });

  it('a leader that loses its lead: nothing is lost and the order stays', async () => {
    const before = assertInOrder(consumer.deliveries);
    const selling = sell(300, 5_000);
    for (let kills = 0; kills < 3; kills++) {
      await sleep(1_200);
      await app.db.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'evently-relay'`,
      );
    }
    await selling;
    await allArrived();
    // Each leader may have had one wave unconfirmed.
    assert.ok(assertInOrder(consumer.deliveries) - before <= 3 * 200);
  });
});
