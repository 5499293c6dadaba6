import { InventoryService } from '../../src/inventory/changes/inventory.service.js';
import { HoldsService } from '../../src/inventory/holds/holds.service.js';
import { MatcherService } from '../../src/waitlist/matcher.service.js';
import { done } from './access-world.js';
import type { TestApp } from './app.js';
import type { Json } from './client.js';
import { lapse } from './lapse.js';
import { card, GOOD } from './money.js';
import type { Person } from './people.js';

const DECLINED = '4000000000000002';
const NO_CAPTURE = '4000000000000606';
const REFUSES_REFUNDS = '4000000000000507';
const CARDS = [GOOD, GOOD, GOOD, GOOD, GOOD, DECLINED, NO_CAPTURE, REFUSES_REFUNDS];

const SEATS = 16;
const PLACES = 6;

/** Two sections of two rows of four seats, and an area. */
const hall = () => ({
  plan: {
    name: 'Small hall',
    categories: ['A', 'B'].map((name) => ({ name, color: '#1d3557' })),
    zones: ['A', 'B'].map((zone, z) => ({
      name: `Section ${zone}`,
      position: { x: 0, y: z * 100 },
      rows: [1, 2].map((row) => ({
        row_number: `${row}`,
        position: { x: 0, y: row * 30 },
        seats: [1, 2, 3, 4].map((seat) => ({
          seat_number: `${seat}`,
          seat_guid: `${zone}-${row}-${seat}`,
          position: { x: seat * 24, y: 0 },
          category: zone,
        })),
      })),
    })),
    size: { width: 200, height: 200 },
  },
  areas: [{ name: '=Floor', capacity: PLACES }],
});

export interface HistoryOf {
  readonly eventId: string;
  readonly organizer: Person;
  readonly timezone: string;
}

/** Makes events with all that can happen to sales of theirs, at random. */
export class SaleHistories {
  private readonly plans = new Map<string, Promise<{ venueId: string; planId: string }>>();

  constructor(
    private readonly app: TestApp,
    private readonly buyers: readonly Person[],
  ) {}

  /** @param random of its own, so that histories made at once do not change each other */
  async make(
    organizer: Person,
    timezone: string,
    currency: string,
    steps: number,
    random: () => number,
  ): Promise<HistoryOf> {
    const eventId = await this.open(organizer, timezone, currency, random);
    const history = new History(this.app, eventId, organizer, this.buyers, random);
    if (random() < 0.3) await history.sellAll();
    for (let step = 0; step < steps; step++) await history.step();
    if (random() < 0.15) await done(organizer.client.post(`/events/${eventId}/cancel`, {}));
    return { eventId, organizer, timezone };
  }

  private async open(
    organizer: Person,
    timezone: string,
    currency: string,
    random: () => number,
  ): Promise<string> {
    const { venueId, planId } = await this.plan(organizer, timezone);
    const start = Date.now() + 30 * 86_400_000;
    const free = random() < 0.15;
    const feeOf = { fullUntilHours: null, partialUntilHours: 0, partialPercent: 50, feePerTicket: 100 };
    const { id } = await done(
      organizer.client.post('/events', {
        venueId,
        planId,
        title: '+Final',
        category: 'sport',
        startsAt: new Date(start).toISOString(),
        endsAt: new Date(start + 7_200_000).toISOString(),
        timezone,
        currency,
        ...(random() < 0.5 && { refundPolicy: { ...feeOf, refundFees: false } }),
        priceTiers: [
          { name: 'A', price: free ? 0 : 2_000, category: 'A' },
          { name: 'B', price: free ? 0 : 1_500, category: 'B' },
          { name: 'Floor', price: 0, area: '=Floor' },
        ],
      }),
    );
    await done(organizer.client.post(`/events/${id}/publish`));
    return id;
  }

  private plan(organizer: Person, timezone: string): Promise<{ venueId: string; planId: string }> {
    const key = `${organizer.id} ${timezone}`;
    const made = this.plans.get(key) ?? this.makePlan(organizer, timezone);
    this.plans.set(key, made);
    return made;
  }

  private async makePlan({ client }: Person, timezone: string) {
    const place = { name: 'Hall', city: 'Here', country: 'DE', address: 'Street 1', capacity: 100 };
    const venue = await done(client.post('/venues', { ...place, timezone }));
    const plan = await done(client.post(`/venues/${venue.id}/seating-plans`, hall()));
    return { venueId: venue.id, planId: plan.id };
  }
}

/** History of one event. Refused requests change nothing: the numbers have to follow the accepted ones. */
class History {
  private readonly held: { id: string; buyer: Person }[] = [];
  private readonly sold: { id: string; buyer: Person }[] = [];
  private readonly waiting: { id: string; buyer: Person }[] = [];
  /** All was sold: now people wait. */
  private full = false;

  constructor(
    private readonly app: TestApp,
    private readonly eventId: string,
    private readonly organizer: Person,
    private readonly buyers: readonly Person[],
    private readonly random: () => number,
  ) {}

  /** Nobody's first try is the one that pays: each way in which a hold ends is in every such history. */
  async sellAll(): Promise<void> {
    await this.hold({ seats: [0] });
    await this.release();
    await this.hold({ seats: [0] });
    await this.lapse();
    await this.hold({ areas: [{ area: '=Floor', quantity: 1 }] });
    await this.release();
    await this.hold({ seats: [SEATS - 1] });
    await this.pay(DECLINED);
    await this.release();
    for (let n = 0; n < SEATS; n += 4) {
      await this.hold({ seats: [n, n + 1, n + 2, n + 3] });
      await this.pay(GOOD);
    }
    await this.hold({ areas: [{ area: '=Floor', quantity: PLACES }] });
    await this.pay(GOOD);
    this.full = true;
  }

  async step(): Promise<void> {
    const dice = this.random();
    if (this.full && dice < 0.4) return dice < 0.25 ? this.join() : this.serve();
    if (dice < 0.34) return this.hold(this.wish());
    if (dice < 0.58) return this.pay(this.pick(CARDS)!);
    if (dice < 0.63) return this.release();
    if (dice < 0.71) return this.lapse();
    if (dice < 0.83) return this.cancel();
    if (dice < 0.86) return this.goodwill();
    if (dice < 0.91) return this.block();
    if (dice < 0.96) return this.join();
    return this.serve();
  }

  private pick<T>(from: readonly T[]): T | undefined {
    return from[Math.floor(this.random() * from.length)];
  }

  private wish(): Json {
    if (this.random() < 0.25)
      return { areas: [{ area: '=Floor', quantity: 1 + Math.floor(this.random() * 3) }] };
    const first = Math.floor(this.random() * SEATS);
    const last = Math.min(SEATS, first + 1 + Math.floor(this.random() * 3));
    return { seats: Array.from({ length: last - first }, (_, i) => first + i) };
  }

  private async hold(wanted: Json): Promise<void> {
    const buyer = this.pick(this.buyers)!;
    const held = this.app.nest.get(HoldsService).hold(this.eventId, wanted, { userId: buyer.id });
    await held.then(({ id }) => this.held.push({ id, buyer })).catch(() => {});
  }

  private async pay(number: string): Promise<void> {
    const booking = this.held.pop();
    if (!booking) return;
    const { status } = await booking.buyer.client.post(`/bookings/${booking.id}/checkout`, card(number));
    if (status === 200) this.sold.push(booking);
    if (status === 402) this.held.push(booking);
  }

  private async release(): Promise<void> {
    const booking = this.held.shift();
    if (booking) await booking.buyer.client.delete(`/bookings/${booking.id}`);
  }

  private async lapse(): Promise<void> {
    const booking = this.held.shift();
    if (!booking) return;
    await lapse(this.app.db, this.eventId, booking.id);
    if (this.random() < 0.7) await this.app.nest.get(InventoryService).sweep(this.eventId, 100);
  }

  /** The whole booking or one item of it, by the buyer or the organizer. */
  private async cancel(): Promise<void> {
    const booking = this.pick(this.sold);
    if (!booking) return;
    const { body } = await booking.buyer.client.get(`/bookings/${booking.id}`);
    const live = body.items.filter(({ status }: Json) => status === 'confirmed');
    const items = this.random() < 0.5 && live.length > 0 ? { items: [live[0].id] } : {};
    await booking.buyer.client.post(`/bookings/${booking.id}/cancel`, items);
  }

  private async goodwill(): Promise<void> {
    const booking = this.pick(this.sold);
    if (!booking) return;
    const { body } = await booking.buyer.client.get(`/payments?bookingId=${booking.id}`);
    const payment = body.data[0];
    if (payment) await this.organizer.client.post(`/payments/${payment.id}/refund`, { amount: 100 });
  }

  private async block(): Promise<void> {
    const verb = this.random() < 0.7 ? 'block' : 'unblock';
    const seats = [Math.floor(this.random() * SEATS)];
    await this.organizer.client.post(`/events/${this.eventId}/seats/${verb}`, { seats });
  }

  private async join(): Promise<void> {
    const buyer = this.pick(this.buyers)!;
    const wish = { quantity: 1 + Math.floor(this.random() * 2), minQuantity: 1 };
    const { status, body } = await buyer.client.post(`/events/${this.eventId}/waitlist`, wish);
    if (status === 201) this.waiting.push({ id: body.id, buyer });
  }

  /** Freed seats are offered; somebody accepts, declines or leaves. */
  private async serve(): Promise<void> {
    await this.app.nest.get(MatcherService).match(this.eventId);
    const entry = this.pick(this.waiting);
    if (!entry) return;
    const act = this.pick(['accept', 'decline', 'leave'])!;
    if (act === 'leave') await entry.buyer.client.delete(`/waitlist/${entry.id}`);
    else await entry.buyer.client.post(`/waitlist/${entry.id}/${act}`);
  }
}
