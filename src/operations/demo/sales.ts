import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { RollupsService } from '../../analytics/rollups.service.js';
import { BookingsService } from '../../bookings/bookings.service.js';
import type { NewHold } from '../../inventory/holds/holds.schemas.js';
import { HoldsService } from '../../inventory/holds/holds.service.js';
import { CancellationService } from '../../orders/cancellation/cancellation.service.js';
import { EventCancellationService } from '../../orders/cancellation/event-cancellation.service.js';
import { CheckoutService } from '../../orders/checkout/checkout.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { CheckInService } from '../../tickets/gates/check-in.service.js';
import { TicketsService } from '../../tickets/tickets.service.js';
import type { Layout } from '../../venues/plans.service.js';
import { WaitlistService } from '../../waitlist/waitlist.service.js';
import { pick, saleTimes } from './curve.js';
import { DemoPastRepository } from './demo-past.repository.js';
import type { DemoEvent } from './halls.js';

const DAY = 24 * 60 * 60 * 1000;
/** Weights of orders of 1, 2, 3 … places. */
const SIZES = [8, 40, 12, 26, 6, 8];
/** Weights of what becomes of a hold; where nearly all is sold, nothing is left or given back. */
const FATES = { bought: 86, left: 10, returned: 4 };
const AT_ONCE = 6;
const ENTERED = 0.92;
const GATES = ['Links', 'Rechts'];
const REFUNDS_MS = 15_000;

export const SANDBOX_PAYMENT = {
  payment: { method: 'card', card: { number: '4242424242424242' } },
  substitutes: false,
} as const;

export interface Sale {
  readonly eventId: string;
  readonly event: DemoEvent;
  readonly organizer: Principal;
  readonly layout: Layout;
  /** The first of them is the demo's own buyer, who buys first and waits first. */
  readonly people: readonly Principal[];
  /** Start and end of an event that is to be over. */
  readonly over: { startsAt: Date; endsAt: Date } | null;
}

interface Order {
  readonly buyer: Principal;
  readonly wish: NewHold;
  readonly fate: keyof typeof FATES;
}

/**
 * Fills the halls that were opened, one after the other, while the shop is open. A start that is stopped meanwhile
 * leaves an emptier house.
 * @returns stops it
 */
export function startSales(
  app: INestApplicationContext,
  sales: readonly Sale[],
  say: (line: string) => void,
): () => Promise<void> {
  const stopping = new AbortController();
  const selling = sellAll(app, sales, stopping.signal).then(
    () => {
      if (sales.length > 0 && !stopping.signal.aborted) say('The demo has its sales of two months.');
    },
    (error: unknown) => {
      if (!stopping.signal.aborted) say(`The sales of the demo have ended early: ${error}`);
    },
  );
  return async () => {
    stopping.abort();
    await selling;
  };
}

/** The largest halls come last. */
export async function sellAll(
  app: INestApplicationContext,
  sales: readonly Sale[],
  stopping: AbortSignal,
): Promise<void> {
  if (sales.length === 0) return;
  try {
    for (const sale of sales.toReversed()) if (!stopping.aborted) await sell(app, sale, stopping);
  } finally {
    // The figures were told of sales of today.
    await app.get(RollupsService).rebuild(() => {});
  }
}

/**
 * The past of an event: every hold, payment, refund, scan and place in a line is made by the services
 * that serve people, and then put into the past.
 */
async function sell(app: INestApplicationContext, sale: Sale, stopping: AbortSignal): Promise<void> {
  const { eventId, event, people, organizer, over } = sale;
  const booked = await inOrder(ordersOf(sale), stopping, (order) => book(app, eventId, order));
  const bookings = booked.filter((booking) => booking !== undefined);
  if (over) await inOrder(bookings, stopping, (booking) => enter(app, sale, booking));
  if (stopping.aborted) return;
  const entries: string[] = [];
  for (const user of people.slice(0, event.waiting ?? 0)) {
    const wish = { quantity: 2, together: true, accessible: false };
    entries.push((await app.get(WaitlistService).join(user, eventId, wish, undefined)).body.id);
  }
  if (event.calledOff) await callOff(app, organizer, eventId, event.calledOff);
  const end = over?.startsAt.getTime() ?? Date.now() - 60_000;
  const { days } = event.sold;
  const at = [...saleTimes(bookings.length, days, end), ...saleTimes(entries.length, 3, end)];
  await app.get(DemoPastRepository).move({
    eventId,
    publishedAt: new Date(end - days * DAY),
    ids: [...bookings.map(({ id }) => id), ...entries],
    at: at.map((time) => new Date(time)),
    back: at.map((time) => new Date(event.calledOff ? end : time + Math.random() * (end - time))),
    startsAt: over?.startsAt ?? null,
    endsAt: over?.endsAt ?? null,
  });
}

/** Orders that leave as many places as the event says, each for places of one category or area. */
function ordersOf({ event: { sold }, layout, people }: Sale): Order[] {
  const left = new Map<string, { area: boolean; places: number }>();
  for (const { category } of layout.seats) {
    const { name } = layout.categories[category]!;
    left.set(name, { area: false, places: (left.get(name)?.places ?? 0) + 1 });
  }
  for (const { name, capacity } of layout.areas) left.set(name, { area: true, places: capacity });
  const names = [...left.keys()];
  const total = [...left.values()].reduce((sum, { places }) => sum + places, 0);
  const orders: Order[] = [];
  const scarce = sold.share > 0.9;
  for (let wanted = Math.round(total * sold.share); wanted > 0; ) {
    const name = names[pick(names.map((one) => left.get(one)!.places))]!;
    const here = left.get(name)!;
    const quantity = Math.min(pick(SIZES) + 1, here.places, wanted);
    const fates = Object.keys(FATES) as (keyof typeof FATES)[];
    const fate = scarce ? 'bought' : fates[pick(Object.values(FATES))]!;
    const buyer = people[orders.length === 0 ? 0 : 1 + Math.floor(Math.random() * (people.length - 1))]!;
    const wish: NewHold = here.area
      ? { areas: [{ area: name, quantity }] }
      : { best: { quantity, categories: [name] } };
    orders.push({ buyer, wish, fate: orders.length === 0 ? 'bought' : fate });
    if (fate !== 'bought' && orders.length > 1) continue;
    here.places -= quantity;
    wanted -= quantity;
  }
  return orders;
}

type Booked = Order & { id: string };

/** @returns undefined when somebody else had bought the places */
async function book(
  app: INestApplicationContext,
  eventId: string,
  order: Order,
): Promise<Booked | undefined> {
  const { buyer, wish, fate } = order;
  const held = await app
    .get(HoldsService)
    .hold(eventId, wish, { userId: buyer.id })
    .catch((error: unknown) => {
      if (!(error instanceof DomainError)) throw error;
    });
  if (!held) return undefined;
  const { id } = held;
  if (fate === 'left') await app.get(BookingsService).release(buyer, id);
  else await app.get(CheckoutService).checkout(buyer, id, SANDBOX_PAYMENT, undefined);
  if (fate === 'returned') await app.get(CancellationService).cancel(buyer, id, {}, undefined);
  return { ...order, id };
}

async function enter(
  app: INestApplicationContext,
  { organizer, eventId }: Sale,
  { id, buyer, fate }: Booked,
): Promise<void> {
  if (fate !== 'bought') return;
  const { data } = await app.get(TicketsService).ofBooking(buyer, id);
  for (const { code } of data) {
    if (code === null || Math.random() > ENTERED) continue;
    const gate = GATES[Math.floor(Math.random() * GATES.length)]!;
    await app.get(CheckInService).enter(organizer, eventId, { code, gate }, undefined);
  }
}

/** Waits for the refunds; those that take longer go on in the background. */
async function callOff(
  app: INestApplicationContext,
  organizer: Principal,
  eventId: string,
  reason: string,
): Promise<void> {
  const cancellations = app.get(EventCancellationService);
  await cancellations.cancel(organizer, eventId, { reason }, undefined);
  for (const end = Date.now() + REFUNDS_MS; Date.now() < end; await sleep(100))
    if ((await cancellations.progress(organizer, eventId)).state === 'completed') return;
}

/** A few at a time, begun in order, until it is stopped. */
async function inOrder<Item, Result>(
  items: readonly Item[],
  stopping: AbortSignal,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < items.length && !stopping.aborted; i = next++)
      results[i] = await work(items[i]!);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
