import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestApp } from './app.js';
import { type Delivery, FactConsumer } from './fact-consumer.js';
import { openSale, plainHall, type Sale } from './halls.js';
import type { Person } from './people.js';
import { RabbitMq } from './rabbitmq.js';
import { until } from './until.js';

/** A sale whose facts go to a broker that can be taken away, and another system that listens there. */
export class BrokerOutage {
  private seat = 0;

  private constructor(
    readonly app: TestApp,
    readonly sale: Sale,
    readonly rabbit: RabbitMq,
    readonly consumer: FactConsumer,
    private readonly people: readonly Person[],
  ) {}

  /** @param start makes an application that publishes to a broker */
  static async prepare(start: (amqpUrl: string) => Promise<TestApp>): Promise<BrokerOutage> {
    const rabbit = await RabbitMq.start();
    const consumer = new FactConsumer(rabbit.url, 'other-system');
    const app = await start(rabbit.url);
    return new BrokerOutage(
      app,
      await openSale(app, plainHall(40, 40)),
      rabbit,
      consumer,
      await app.people(20),
    );
  }

  /** Holds so many seats, one after the other over the time given; every other one is let go of again. */
  async sell(count: number, ms: number): Promise<void> {
    const began = Date.now();
    for (let i = 0; i < count; i++) {
      await sleep(Math.max(0, began + (ms * i) / count - Date.now()));
      const { client } = this.people[i % this.people.length]!;
      const { status, body } = await client.post(`/events/${this.sale.eventId}/holds`, {
        seats: [this.seat++],
      });
      assert.equal(status, 201, JSON.stringify(body));
      if (i % 2 === 0) assert.equal((await client.delete(`/bookings/${body.id}`)).status, 204);
    }
  }

  /** Every committed fact has arrived, and nothing else. */
  async allArrived(): Promise<void> {
    await until(async () => this.arrived().size >= (await this.written()).size, 60_000);
    assert.deepEqual(this.arrived(), await this.written());
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.consumer.stop();
    await this.rabbit.remove();
  }

  private arrived(): Set<string> {
    return new Set(this.consumer.deliveries.map(({ messageId }) => messageId));
  }

  private async written(): Promise<Set<string>> {
    const { rows } = await this.app.db.query(
      `SELECT stream || ':' || stream_id || ':' || version AS id FROM fact`,
    );
    return new Set(rows.map(({ id }) => id));
  }
}

/** Who drops what it has seen gets each stream without a gap. @returns how many are dropped */
export function countAgain(deliveries: readonly Delivery[]): number {
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
}
