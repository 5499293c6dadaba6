import assert from 'node:assert/strict';
import { ReconciliationService } from '../../src/payments/reconciliation/reconciliation.service.js';
import { startApp, type TestApp } from './app.js';
import type { Answer, Json } from './client.js';
import { openSale, plainHall, type Sale } from './halls.js';
import type { Person } from './people.js';
import { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, StripeStandIn, type Weather } from './stripe-stand-in.js';
import { until } from './until.js';

export const VISA = 'pm_card_visa';
export const TWO_STEPS = 'pm_card_threeDSecure2Required';
export const token = (name = VISA) => ({ payment: { method: 'token', token: name } });

/** The application with Stripe's stand-in, a hall on sale, and a buyer in it. */
export class StripeShop {
  private seat = 0;

  private constructor(
    readonly app: TestApp,
    readonly stripe: StripeStandIn,
    readonly sale: Sale,
    readonly buyer: Person,
    readonly admin: Person,
  ) {}

  static async open(): Promise<StripeShop> {
    const stripe = await StripeStandIn.start();
    const app = await startApp({
      payments: {
        stripe: {
          secretKey: STRIPE_SECRET_KEY,
          webhookSecret: STRIPE_WEBHOOK_SECRET,
          apiBase: stripe.url,
          publishableKey: 'pk_test_standin',
        },
        // A busy machine needs a second for the first request, whose types are read then.
        timeoutMs: 3_000,
      },
      inventory: { sweeper: false },
    });
    const sale = await openSale(app, plainHall(20, 40));
    const [buyer] = await app.people(1);
    const [admin] = await app.people(1, 'admin');
    return new StripeShop(app, stripe, sale, buyer, admin);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.stripe.stop();
  }

  async hold(count = 2): Promise<Json> {
    const seats = Array.from({ length: count }, () => this.seat++);
    const { status, body } = await this.buyer.client.post(`/events/${this.sale.eventId}/holds`, { seats });
    assert.equal(status, 201, JSON.stringify(body));
    return body;
  }

  checkout(id: string, body: object = token()): Promise<Answer> {
    return this.buyer.client.post(`/bookings/${id}/checkout`, body);
  }

  async bought(count = 2, name = VISA): Promise<Json> {
    const { id } = await this.hold(count);
    const { status, body } = await this.checkout(id, token(name));
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  cancel(id: string): Promise<Answer> {
    return this.buyer.client.post(`/bookings/${id}/cancel`, {});
  }

  async read(id: string): Promise<Json> {
    return (await this.buyer.client.get(`/bookings/${id}`)).body;
  }

  async payments(id: string): Promise<Json> {
    return (await this.buyer.client.get(`/payments?bookingId=${id}`)).body.data;
  }

  /** The intents of a booking, oldest first. */
  intents(id: string) {
    return [...this.stripe.ledger.intents.values()].filter(({ metadata }) => metadata.evently_booking === id);
  }

  /** An event of Stripe arrives, signed. */
  send = (event: object): Promise<Answer> => {
    const { body, signature } = this.stripe.signed(event);
    return this.app.client().post('/payments/webhooks/stripe', body, { 'stripe-signature': signature });
  };

  eventsOf(intent: string) {
    return this.stripe.ledger.events.filter(({ data }) => JSON.stringify(data.object).includes(intent));
  }

  /** All events that have arrived are dealt with. */
  handled(): Promise<void> {
    return until(async () => {
      const { rows } = await this.app.db.query('SELECT 1 FROM provider_event WHERE handled_at IS NULL');
      return rows.length === 0;
    });
  }

  /** Sets the fate of the next requests of a route; all others succeed. */
  once(route: string, ...spells: Weather[]): void {
    this.stripe.weather = (asked) => (asked === route ? (spells.shift() ?? 'fine') : 'fine');
  }

  reconcile(): Promise<boolean> {
    return this.app.nest.get(ReconciliationService).run(new Date(Date.now() - 600_000));
  }

  async discrepancies(status = 'open'): Promise<Json> {
    return (await this.admin.client.get(`/admin/payments/discrepancies?status=${status}&limit=100`)).body
      .data;
  }
}
