import { setTimeout as sleep } from 'node:timers/promises';
import { InventoryService } from '../src/inventory/changes/inventory.service.js';
import { SagasService } from '../src/platform/saga/sagas.service.js';
import { startApp, type TestApp } from '../test/support/app.js';
import { type Child, startChild } from '../test/support/child.js';
import { Client, createAgent, type Json } from '../test/support/client.js';
import type { Overrides } from '../test/support/config.js';
import { openSale, plainHall, type Sale } from '../test/support/halls.js';
import { lapse } from '../test/support/lapse.js';
import type { Person } from '../test/support/people.js';
import type { Strike } from './faults.js';

const SAGA_LEASE_MS = 1_000;
const SPEED: Overrides = {
  payments: { timeoutMs: 300 },
  sagas: { leaseMs: SAGA_LEASE_MS },
  inventory: { sweeper: false },
};
export const GOOD = '4242424242424242';
export const TWO_STEPS = '4000002500003155';

/** A healthy replica that finishes what was left, and one beside it in which faults strike. */
export class Stage {
  private readonly agent = createAgent();
  private child: Child<{ url: string }> | undefined;
  private seat = 0;

  private constructor(
    readonly app: TestApp,
    private sale: Sale,
    readonly buyer: Person,
  ) {}

  static async build(): Promise<Stage> {
    // Its workers stand still, so that the fault strikes where it is aimed at.
    const app = await startApp({ ...SPEED, sagas: { leaseMs: SAGA_LEASE_MS, worker: false } });
    const [buyer] = (await app.people(1)) as [Person];
    return new Stage(app, await openSale(app, plainHall(100, 100)), buyer);
  }

  /** An event of its own, for what changes a whole event. */
  async newSale(): Promise<Sale> {
    this.sale = await openSale(this.app, plainHall(4, 10));
    this.seat = 0;
    return this.sale;
  }

  async hold(count = 2): Promise<Json> {
    const seats = Array.from({ length: count }, () => this.seat++);
    const { status, body } = await this.buyer.client.post(`/events/${this.sale.eventId}/holds`, { seats });
    if (status !== 201) throw new Error(`No hold: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** Through the healthy replica. */
  async paid(card = GOOD): Promise<Json> {
    const { id } = await this.hold();
    const { status, body } = await this.buyer.client.post(`/bookings/${id}/checkout`, pay(card));
    if (status !== 200) throw new Error(`Not paid: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** A payment that waits for the buyer's bank. @returns where the bank says that the buyer has approved */
  async waiting({ id }: Json): Promise<string> {
    const { status, body } = await this.buyer.client.post(`/bookings/${id}/checkout`, pay(TWO_STEPS));
    if (status !== 202) throw new Error(`Not waiting: ${status} ${JSON.stringify(body)}`);
    return new URL(body.nextAction.url).pathname.replace('/api/v1', '');
  }

  /** The time of a booking is over, and somebody has noticed; with `taken` its seats are held by others. */
  async expire({ id, items }: Json, taken: boolean): Promise<void> {
    await lapse(this.app.db, this.sale.eventId, id);
    await this.app.nest.get(InventoryService).sweep(this.sale.eventId, 100);
    if (!taken) return;
    const seats = items.map((item: Json) => item.seat.n);
    await this.buyer.client.post(`/events/${this.sale.eventId}/holds`, { seats });
  }

  /** Arms the replica that is to fail, started anew if it died. */
  async arm(strike: Strike): Promise<void> {
    this.child ??= await startChild(new URL('./replica.js', import.meta.url), {
      ...SPEED,
      database: this.app.config.database,
    });
    await this.child.ask('arm', strike);
  }

  /** A request of a person to the replica that is to fail; it may well not be answered. */
  async ask(who: Person, path: string, body?: object): Promise<void> {
    await new Client(this.child!.ready.url, this.agent, who.token).post(path, body).catch(() => {});
  }

  /** @returns whether the fault has struck */
  async struck(): Promise<boolean> {
    try {
      return await this.child!.ask<boolean>('struck');
    } catch {
      this.child = undefined;
      return true;
    }
  }

  /** Goes on with whatever is unfinished, as the worker of a healthy replica would. Fails when it does not end. */
  async heal(seconds = 30): Promise<void> {
    for (const end = Date.now() + seconds * 1_000; ; await sleep(50)) {
      const { rows } = await this.app.db.query('SELECT id, kind FROM saga WHERE due_at IS NOT NULL');
      if (rows.length === 0) return;
      if (Date.now() > end) throw new Error(`Not at their end after ${seconds} s: ${JSON.stringify(rows)}`);
      for (const { id } of rows) await this.app.nest.get(SagasService).resume(id);
    }
  }

  async close(): Promise<void> {
    await this.child?.stop();
    await this.agent.destroy();
    await this.app.close();
  }
}

export const pay = (number: string) => ({ payment: { method: 'card', card: { number } } });
