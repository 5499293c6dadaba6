import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '../../src/platform/common/ids.js';
import { TicketsService } from '../../src/tickets/tickets.service.js';
import type { TestApp } from './app.js';
import type { Json } from './client.js';
import { openSale, plainHall, type Sale } from './halls.js';
import { giveRights } from './members.js';
import { card } from './money.js';
import type { Person } from './people.js';
import { openShop, SHOP_ORIGIN } from './shops.js';
import { until } from './until.js';

/** The provider refuses to give this one's money back. */
const REFUSES_REFUNDS = '4000000000000507';

/** Objects for the calls: a real one, with an owner, for each route. Every method makes a new one. */
export class AccessWorld {
  private seat = 0;
  private constructor(
    readonly app: TestApp,
    readonly sale: Sale,
    readonly buyer: Person,
    readonly friend: Person,
    readonly colleague: Person,
    readonly user: Person,
    readonly rival: Person,
    readonly shop: Pick<Person, 'id' | 'client'>,
    readonly admin: Person,
    private readonly receiver: Server,
  ) {}

  static async open(app: TestApp, hall: Json = plainHall(40, 40)): Promise<AccessWorld> {
    const sale = await openSale(app, hall);
    const [buyer, friend, user, colleague] = await app.people(4);
    const [rival] = await app.people(1, 'organizer');
    const [admin] = await app.people(1, 'admin');
    const receiver = createServer((_, response) => response.writeHead(204).end());
    await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening));
    const shop = await openShop(app, sale.organizer);
    return new AccessWorld(app, sale, buyer, friend, colleague, user, rival, shop, admin, receiver);
  }

  get organizer(): Person {
    return this.sale.organizer;
  }

  get webhook(): Json {
    return { url: `http://127.0.0.1:${(this.receiver.address() as AddressInfo).port}/`, facts: ['ticket.*'] };
  }

  /** The same world, in which each thing is made once and then shared: for calls that leave it as it is. */
  sharing(): AccessWorld {
    const made = new Map<string, unknown>();
    return new Proxy(this, {
      get: (world, name) => {
        const member = Reflect.get(world, name);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]) => {
          const key = [name, ...given].join(' ');
          if (!made.has(key)) made.set(key, member.apply(world, given));
          return made.get(key);
        };
      },
    });
  }

  close(): void {
    this.receiver.close();
  }

  async venue(): Promise<Json> {
    const venue = {
      name: 'Hall',
      city: 'Erfurt',
      country: 'DE',
      address: 'Street 1',
      timezone: 'Europe/Berlin',
    };
    return done(this.organizer.client.post('/venues', { ...venue, capacity: 1_000 }));
  }

  /** Makes the colleague a member of the organizer's organisation. */
  async member(): Promise<string> {
    await giveRights(this.app, this.organizer.id, this.colleague, { permissions: ['door'] });
    return this.colleague.id;
  }

  async invitation(): Promise<string> {
    const wanted = { email: `invited-${newId()}@example.org`, permissions: ['door'] };
    const { client, id } = this.organizer;
    // There may be two hundred; those of before are not needed any more.
    await this.app.db.query('DELETE FROM invitation WHERE organisation_id = $1', [id]);
    return (await done(client.post(`/organisations/${id}/invitations`, wanted))).id;
  }

  async key(): Promise<string> {
    const { client, id } = this.organizer;
    // There may be fifty; those of before are not needed any more.
    await this.app.db.query('UPDATE api_key SET ended_at = now() WHERE organisation_id = $1 AND id <> $2', [
      id,
      this.shop.id,
    ]);
    const wanted = { name: 'Shop', permissions: ['door'] };
    return (await done(client.post(`/organisations/${id}/keys`, wanted))).id;
  }

  /** A provider of logins, of an organisation or of the installation. */
  async provider(organisation: string | null): Promise<string> {
    const id = newId();
    await this.app.db.query('DELETE FROM identity_provider WHERE organisation_id IS NOT DISTINCT FROM $1', [
      organisation,
    ]);
    await this.app.db.query(
      `INSERT INTO identity_provider (id, organisation_id, name, issuer, client_id) VALUES ($1, $2, 'ID', $3, 'evently')`,
      [id, organisation, `https://127.0.0.1/${id}`],
    );
    return id;
  }

  async identity(): Promise<string> {
    const id = newId();
    await this.app.db.query(
      `INSERT INTO identity (id, user_id, provider_id, issuer, subject) VALUES ($1, $2, $3, 'https://127.0.0.1', $4)`,
      [id, this.buyer.id, await this.provider(null), id],
    );
    return id;
  }

  /** One of the buyer's, which no authenticator has. */
  async passkey(): Promise<string> {
    const passkeyId = newId();
    await this.app.db.query(
      `INSERT INTO passkey (id, user_id, credential_id, public_key, counter, transports, synced, name)
       VALUES ($1, $2, uuid_send($1), '', 0, '{}', false, 'Phone')`,
      [passkeyId, this.buyer.id],
    );
    return passkeyId;
  }

  /** A session that the shop made for one more customer. */
  async buyerSession(reference = newId()): Promise<Json> {
    const wanted = { origin: SHOP_ORIGIN, customer: { reference } };
    return done(this.shop.client.post(`/events/${this.sale.eventId}/buyer-sessions`, wanted));
  }

  async organisationVersion(): Promise<Json> {
    const { client, id } = this.organizer;
    const { version } = await done(client.get(`/organisations/${id}`));
    return { headers: { 'if-match': `"v${version}"` } };
  }

  /** A change of the house as it is now. */
  async houseVersion(): Promise<Json> {
    const { version } = await done(this.admin.client.get('/admin/house'));
    return { headers: { 'if-match': `"v${version}"` } };
  }

  /** A change of the organisation's own house as it is now. */
  async ownHouseVersion(): Promise<{ params: { id: string }; headers: Record<string, string> }> {
    const { client, id } = this.organizer;
    const { version } = await done(client.get(`/organisations/${id}/house/settings`));
    return { params: { id }, headers: { 'if-match': `"v${version}"` } };
  }

  async plan(): Promise<Json> {
    const venue = await this.venue();
    const hall = plainHall(1, 2);
    return {
      venue,
      hall,
      ...(await done(this.organizer.client.post(`/venues/${venue.id}/seating-plans`, hall))),
    };
  }

  /** Input for a new event of the organizer. */
  async eventInput(): Promise<Json> {
    const plan = await this.plan();
    const day = 86_400_000;
    return {
      venueId: plan.venue.id,
      planId: plan.id,
      title: 'Final',
      category: 'sport',
      startsAt: new Date(Date.now() + 30 * day).toISOString(),
      endsAt: new Date(Date.now() + 31 * day).toISOString(),
      currency: 'EUR',
      priceTiers: [{ name: 'All', price: 2000, category: 'C0' }],
    };
  }

  async draft(): Promise<Json> {
    return done(this.organizer.client.post('/events', await this.eventInput()));
  }

  async onSale(): Promise<Json> {
    const { id } = await this.draft();
    return done(this.organizer.client.post(`/events/${id}/publish`));
  }

  async hold(): Promise<Json> {
    return done(this.buyer.client.post(`/events/${this.sale.eventId}/holds`, { seats: [this.seat++] }));
  }

  async bought(number?: string): Promise<Json> {
    const { id } = await this.hold();
    const booking = await done(this.buyer.client.post(`/bookings/${id}/checkout`, card(number)));
    await this.app.nest.get(TicketsService).issue(this.sale.eventId, id);
    return booking;
  }

  async ticket(): Promise<Json> {
    const { id } = await this.bought();
    return (await done(this.buyer.client.get(`/bookings/${id}/tickets`))).data[0];
  }

  /** A ticket that was let in. */
  async scanned(): Promise<Json> {
    const { token } = await this.ticket();
    await done(this.organizer.client.post(`/events/${this.sale.eventId}/check-in`, { token, gate: 'North' }));
    return token;
  }

  async offer(): Promise<Json> {
    const { id } = await this.ticket();
    return done(this.buyer.client.post(`/tickets/${id}/transfer`, { email: this.friend.email }));
  }

  async payment(): Promise<string> {
    const { id } = await this.bought();
    return (await done(this.buyer.client.get(`/payments?bookingId=${id}`))).data[0].id;
  }

  /** One that the provider refuses to pay back. */
  async refusedRefund(): Promise<string> {
    const { id } = await this.bought(REFUSES_REFUNDS);
    const payment = (await done(this.buyer.client.get(`/payments?bookingId=${id}`))).data[0].id;
    return (await done(this.organizer.client.post(`/payments/${payment}/refund`, { amount: 1 }))).id;
  }

  /** A saga that waits for an administrator. */
  async stuckSaga(): Promise<string> {
    await this.refusedRefund();
    const stuck = () =>
      this.app.db.query(`SELECT id FROM saga WHERE state = 'stuck' ORDER BY created_at DESC LIMIT 1`);
    await until(async () => (await stuck()).rows.length > 0);
    return (await stuck()).rows[0].id;
  }

  /** A place in the line for a hall whose two seats somebody else holds. */
  async entry(by = this.buyer): Promise<Json> {
    const { id } = await this.full();
    return done(by.client.post(`/events/${id}/waitlist`, { quantity: 1 }));
  }

  async full(): Promise<Json> {
    const event = await this.onSale();
    await done(this.friend.client.post(`/events/${event.id}/holds`, { seats: [0, 1] }));
    return event;
  }

  async hook(): Promise<Json> {
    // One person may have twenty; the first ones are shared.
    await this.app.db.query(
      `DELETE FROM webhook WHERE organizer_id = $1
          AND id NOT IN (SELECT id FROM webhook WHERE organizer_id = $1 ORDER BY id LIMIT 10)`,
      [this.organizer.id],
    );
    return done(this.organizer.client.post('/webhooks', this.webhook));
  }

  async delivery(): Promise<{ id: string; delivery: string }> {
    const { id } = await this.hook();
    await done(this.organizer.client.post(`/webhooks/${id}/ping`));
    let latest: Json;
    // A delivery that is being sent cannot be sent again.
    await until(async () => {
      [latest] = (await done(this.organizer.client.get(`/webhooks/${id}/deliveries`))).data;
      return latest.state === 'delivered';
    });
    return { id, delivery: latest!.id };
  }

  async notification(): Promise<string> {
    const { id } = await this.bought();
    const ofIt = () =>
      this.app.db.query('SELECT id FROM notification WHERE booking_id = $1 AND user_id = $2', [
        id,
        this.buyer.id,
      ]);
    await until(async () => (await ofIt()).rows.length > 0);
    return (await ofIt()).rows[0].id;
  }

  async discrepancy(): Promise<string> {
    const id = newId();
    await this.app.db.query(
      `INSERT INTO payment_discrepancy (id, provider, kind, ref, expected, found, status) VALUES ($1, 'sandbox', 'refunded_elsewhere', $2, '{}', '{}', 'open')`,
      [id, id],
    );
    return id;
  }

  /** Somebody with whom nothing else is done. */
  async stranger(): Promise<string> {
    const [{ id }] = await this.app.people(1);
    return id;
  }

  async failedMail(): Promise<string> {
    const id = newId();
    await this.app.db.query(
      `INSERT INTO mail (id, kind, user_id, data, bulk, state, settled_at)
       VALUES ($1, 'account.password_changed', $2, '{}', false, 'failed', now())`,
      [id, this.buyer.id],
    );
    return id;
  }

  /** A stream that a handler has given up on. */
  async parked(): Promise<Json> {
    const { id } = await this.entry();
    const stream = { handler: 'waitlist.leave', stream: 'account', streamId: id };
    await this.app.db.query(
      `INSERT INTO fact_parked (handler, stream, stream_id, version, attempts, error) VALUES ($1, $2, $3, 1, 10, 'test')`,
      [stream.handler, stream.stream, stream.streamId],
    );
    return stream;
  }
}

export async function done(answer: Promise<{ status: number; body: Json }>): Promise<Json> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`Set-up failed with ${status}: ${JSON.stringify(body).slice(0, 500)}`);
  return body;
}
