import { setTimeout as sleep } from 'node:timers/promises';
import { InvariantsService } from '../../src/operations/invariants/invariants.service.js';
import { TicketsService } from '../../src/tickets/tickets.service.js';
import type { TestApp } from './app.js';
import type { Answer, Client, Json } from './client.js';
import { openSale, plainHall, type Sale } from './halls.js';
import { assertMoneyBalances, card, settleSagas } from './money.js';
import type { Person } from './people.js';
import { until } from './until.js';

/** Who may touch a ticket at the same moment. */
export const ACTS = [
  'check-in',
  'undo',
  'cancel',
  'send back',
  'offer',
  'accept',
  'call off',
  'goodwill',
  'take offer',
] as const;
export type Act = (typeof ACTS)[number];

export interface Pair {
  readonly acts: readonly [Act, Act];
  /** Possible outcomes: the answer to each of the two, `ok` or an error code. */
  readonly may: readonly (readonly [string, string])[];
}

const OK = ['ok', 'ok'] as const;
const USED = ['ok', 'ticket_used'] as const;
const OVER = [
  ['event_cancelled', 'ok'],
  ['ticket_cancelled', 'ok'],
] as const;

export const PAIRS: readonly Pair[] = [
  {
    acts: ['check-in', 'check-in'],
    may: [
      ['ok', 'already_checked_in'],
      ['already_checked_in', 'ok'],
    ],
  },
  { acts: ['check-in', 'undo'], may: [OK, ['already_checked_in', 'ok']] },
  { acts: ['check-in', 'cancel'], may: [USED, ['ok', 'ticket_in_use'], ['ticket_cancelled', 'ok']] },
  { acts: ['check-in', 'send back'], may: [USED, ['ok', 'ticket_in_use'], ['ticket_cancelled', 'ok']] },
  { acts: ['check-in', 'offer'], may: [OK, USED] },
  { acts: ['check-in', 'accept'], may: [USED, ['ticket_transferred', 'ok']] },
  { acts: ['check-in', 'call off'], may: [OK, ...OVER] },
  { acts: ['check-in', 'goodwill'], may: [OK] },
  { acts: ['check-in', 'take offer'], may: [OK] },
  {
    acts: ['undo', 'undo'],
    may: [
      ['ok', 'not_checked_in'],
      ['not_checked_in', 'ok'],
    ],
  },
  { acts: ['undo', 'cancel'], may: [OK, USED, ['ok', 'ticket_in_use']] },
  { acts: ['undo', 'send back'], may: [OK, USED, ['ok', 'ticket_in_use']] },
  { acts: ['undo', 'offer'], may: [OK, USED] },
  { acts: ['undo', 'accept'], may: [OK, USED] },
  { acts: ['undo', 'call off'], may: [OK, ...OVER] },
  { acts: ['undo', 'goodwill'], may: [OK] },
  { acts: ['undo', 'take offer'], may: [OK] },
  { acts: ['cancel', 'cancel'], may: [OK] },
  { acts: ['cancel', 'send back'], may: [OK] },
  { acts: ['cancel', 'offer'], may: [OK, ['ok', 'ticket_cancelled'], ['ticket_in_use', 'ok']] },
  {
    acts: ['cancel', 'accept'],
    may: [
      ['ok', 'ticket_cancelled'],
      ['ticket_transferred', 'ok'],
      ['ticket_in_use', 'ok'],
    ],
  },
  { acts: ['cancel', 'call off'], may: [OK, ['event_ended', 'ok']] },
  { acts: ['cancel', 'goodwill'], may: [OK, ['ok', 'refund_exceeds_payment']] },
  { acts: ['cancel', 'take offer'], may: [OK] },
  { acts: ['send back', 'send back'], may: [OK] },
  { acts: ['send back', 'offer'], may: [OK, ['ok', 'ticket_cancelled'], ['ticket_in_use', 'ok']] },
  { acts: ['send back', 'accept'], may: [OK, ['ok', 'ticket_cancelled'], ['ticket_in_use', 'ok']] },
  { acts: ['send back', 'call off'], may: [OK, ['event_ended', 'ok']] },
  { acts: ['send back', 'goodwill'], may: [OK, ['ok', 'refund_exceeds_payment']] },
  { acts: ['send back', 'take offer'], may: [OK] },
  {
    acts: ['offer', 'offer'],
    may: [
      ['ok', 'transfer_under_way'],
      ['transfer_under_way', 'ok'],
    ],
  },
  {
    acts: ['offer', 'accept'],
    may: [
      ['transfer_under_way', 'ok'],
      ['transfer_over', 'ok'],
      ['not_found', 'ok'],
    ],
  },
  { acts: ['offer', 'call off'], may: [OK, ['ticket_cancelled', 'ok']] },
  { acts: ['offer', 'goodwill'], may: [OK] },
  { acts: ['offer', 'take offer'], may: [OK] },
  {
    acts: ['accept', 'accept'],
    may: [
      ['ok', 'transfer_over'],
      ['ok', 'not_found'],
      ['transfer_over', 'ok'],
      ['not_found', 'ok'],
    ],
  },
  { acts: ['accept', 'call off'], may: [OK, ['ticket_cancelled', 'ok']] },
  { acts: ['accept', 'goodwill'], may: [OK] },
  { acts: ['accept', 'take offer'], may: [OK] },
  {
    acts: ['call off', 'call off'],
    may: [
      ['ok', 'event_ended'],
      ['event_ended', 'ok'],
    ],
  },
  { acts: ['call off', 'goodwill'], may: [OK, ['ok', 'refund_exceeds_payment']] },
  { acts: ['call off', 'take offer'], may: [OK, ['ok', 'not_offered'], ['ok', 'offer_expired']] },
  {
    acts: ['goodwill', 'goodwill'],
    may: [
      ['ok', 'refund_exceeds_payment'],
      ['refund_exceeds_payment', 'ok'],
    ],
  },
  { acts: ['goodwill', 'take offer'], may: [OK] },
  { acts: ['take offer', 'take offer'], may: [OK] },
];

export const nameOf = ({ acts }: Pair): string => acts.join(' × ');

/** Milliseconds by which the second request is behind the first: from -5 to 5, and none of them too often. */
const OFFSETS = [0, -1, 1, -2, 2, -3, 3, -4, 4, -5, 5];
const WIDTH = 4;
/** A booking's price: two seats at 20.00. */
const PRICE = 4_000;

export interface Outcome {
  /** How often each combination of answers came. */
  readonly heard: Record<string, number>;
  readonly wrong: string[];
}

interface Scene {
  readonly sale: Sale;
  readonly buyer: Person;
  readonly friend: Person;
  readonly booking: Json;
  readonly ticket: Json;
  readonly paymentId: string;
  readonly transferId: string | undefined;
  readonly entryId: string | undefined;
  /** Number of the race, for what alternates. */
  readonly index: number;
}

/** Two requests about the same ticket at about the same moment, again and again. */
export class Races {
  private sale: Promise<Sale> | undefined;
  private seat = 0;
  private people: Person[] = [];

  constructor(private readonly app: TestApp) {}

  /** Runs a pair, each time on a new booking. */
  async run(pair: Pair, count: number): Promise<Outcome> {
    const outcome: Outcome = { heard: {}, wrong: [] };
    // Access tokens last 15 minutes: each pair has people of its own.
    this.sale = undefined;
    this.people = [];
    let next = 0;
    const lane = async () => {
      while (next < count) await this.race(pair, next++, outcome);
    };
    await Promise.all(Array.from({ length: Math.min(WIDTH, count) }, lane));
    return outcome;
  }

  /** Lets all refunds come to their end. @returns what the database has that may never be */
  async audit(): Promise<string[]> {
    await settleSagas(this.app);
    const findings = await this.app.nest.get(InvariantsService).run();
    const money = await assertMoneyBalances(this.app).then(
      () => [],
      (error) => [String(error)],
    );
    return findings
      .filter(({ violations }) => violations > 0)
      .map(({ invariant, violations, examples }) => `${violations} × ${invariant}: ${examples.join(', ')}`)
      .concat(money);
  }

  private async race(pair: Pair, index: number, { heard, wrong }: Outcome): Promise<void> {
    const scene = await this.scene(pair.acts, index);
    const offset = OFFSETS[index % OFFSETS.length]!;
    const start = async (act: Act, which: number, ms: number) => {
      await sleep(ms);
      return outcomeOf(await this.act(act, scene, which));
    };
    const [first, second] = await Promise.all([
      start(pair.acts[0], 0, Math.max(0, -offset)),
      start(pair.acts[1], 1, Math.max(0, offset)),
    ]);
    const answers = `${first}, ${second}`;
    heard[answers] = (heard[answers] ?? 0) + 1;
    if (!pair.may.some(([one, other]) => one === first && other === second))
      wrong.push(`${nameOf(pair)} at ${offset} ms: ${answers} (booking ${scene.booking.id})`);
    const { body } = await scene.sale.organizer.client.get(`/events/${scene.sale.eventId}`);
    if (body.status !== 'cancelled') await this.assertGate(scene, pair, wrong);
  }

  /** Checks that the gate's answer afterwards agrees with the state of the ticket. */
  private async assertGate(scene: Scene, pair: Pair, wrong: string[]): Promise<void> {
    const { rows } = await this.app.db.query(
      `SELECT i.status, t.generation > 1 AS "handedOn", t.checked_in_at IS NOT NULL AS inside
       FROM ticket t JOIN booking_item i ON i.event_id = t.event_id AND i.booking_id = t.booking_id AND i.id = t.item_id
       WHERE t.id = $1`,
      [scene.ticket.id],
    );
    const { status, handedOn, inside } = rows[0];
    const said = outcomeOf(await this.act('check-in', scene, 0));
    const right =
      status !== 'confirmed'
        ? 'ticket_cancelled'
        : handedOn
          ? 'ticket_transferred'
          : inside
            ? 'already_checked_in'
            : 'ok';
    if (said !== right)
      wrong.push(`${nameOf(pair)}: the gate says ${said}, not ${right} (booking ${scene.booking.id})`);
  }

  private act(act: Act, scene: Scene, which: number): Promise<Answer> {
    const { sale, buyer, friend, booking, ticket, paymentId, transferId, entryId, index } = scene;
    const { client } = sale.organizer;
    const what = index % 2 === 0 ? { token: ticket.token } : { code: ticket.code };
    const scan = { ...what, gate: `Gate ${which}` };
    // All of the booking and a part of it in turn, and against another cancellation one of each.
    const items = (index + which) % 2 === 0 ? {} : { items: [ticket.itemId] };
    switch (act) {
      case 'check-in':
        return client.post(`/events/${sale.eventId}/check-in`, scan);
      case 'undo':
        return client.post(`/events/${sale.eventId}/check-in/undo`, scan);
      case 'cancel':
        return buyer.client.post(`/bookings/${booking.id}/cancel`, items);
      case 'send back':
        return client.post(`/bookings/${booking.id}/cancel`, items);
      case 'offer':
        return buyer.client.post(`/tickets/${ticket.id}/transfer`, { email: friend.email });
      case 'accept':
        return friend.client.post(`/ticket-transfers/${transferId}/accept`);
      case 'call off':
        return client.post(`/events/${sale.eventId}/cancel`, {});
      case 'goodwill':
        return client.post(`/payments/${paymentId}/refund`, { amount: (PRICE * 3) / 4 });
      case 'take offer':
        return friend.client.post(`/waitlist/${entryId}/accept`);
    }
  }

  /**
   * Somebody's paid booking of two seats, and what the acts need: an open offer, a person inside, an offer of the
   * waitlist.
   */
  private async scene(acts: readonly Act[], index: number): Promise<Scene> {
    const has = (act: Act) => acts.includes(act);
    const own = has('call off') || has('take offer');
    const sale = own ? await openSale(this.app, plainHall(1, 3)) : await this.shared();
    const seats = own ? [0, 1] : [this.seat++, this.seat++];
    const [buyer, friend] = [await this.person(), await this.person()];
    const booking = await this.buy(sale, buyer.client, seats);
    const ticket = (await done(buyer.client.get(`/bookings/${booking.id}/tickets`))).data[0];
    const { rows } = await this.app.db.query('SELECT id FROM payment WHERE booking_id = $1', [booking.id]);
    const entryId = has('take offer') ? await this.waitFor(sale, buyer.client, friend.client) : undefined;
    const offer = { email: friend.email };
    const transferId = has('accept')
      ? (await done(buyer.client.post(`/tickets/${ticket.id}/transfer`, offer))).id
      : undefined;
    const scene = { sale, buyer, friend, booking, ticket, paymentId: rows[0].id, transferId, entryId, index };
    if (has('undo')) await done(this.act('check-in', scene, 0));
    return scene;
  }

  /** The last seat of a hall is freed for who waits. @returns the entry that got the offer */
  private async waitFor(sale: Sale, seller: Client, waiter: Client): Promise<string> {
    const hold = await done(seller.post(`/events/${sale.eventId}/holds`, { seats: [2] }));
    const entry = await done(waiter.post(`/events/${sale.eventId}/waitlist`, { quantity: 1 }));
    await done(seller.delete(`/bookings/${hold.id}`));
    await until(async () => (await waiter.get(`/waitlist/${entry.id}`)).body.state === 'offered', 60_000);
    return entry.id;
  }

  private async buy(sale: Sale, client: Client, seats: number[]): Promise<Json> {
    const { id } = await done(client.post(`/events/${sale.eventId}/holds`, { seats }));
    const booking = await done(client.post(`/bookings/${id}/checkout`, card()));
    await this.app.nest.get(TicketsService).issue(sale.eventId, id);
    return booking;
  }

  /** An event with room for many races; the next one when it is full. */
  private shared(): Promise<Sale> {
    if (!this.sale || this.seat >= 10_000) {
      this.seat = 0;
      this.sale = openSale(this.app, plainHall(100, 100));
    }
    return this.sale;
  }

  private async person(): Promise<Person> {
    if (this.people.length === 0) this.people = await this.app.people(50);
    return this.people.pop()!;
  }
}

const outcomeOf = ({ status, body }: Answer): string =>
  status < 300 ? 'ok' : (body?.code ?? String(status));

async function done(answer: Promise<Answer>): Promise<Json> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`Set-up failed with ${status}: ${JSON.stringify(body).slice(0, 500)}`);
  return body;
}
