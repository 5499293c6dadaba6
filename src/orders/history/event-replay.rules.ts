import { type BookingFact, type BookingState, replay } from '../../bookings/booking.rules.js';
import { SEAT } from '../../platform/common/seat-states.js';
import type { AnyFact, Fact } from '../../platform/facts/fact-map.js';
import type { Layout } from '../../venues/layout.js';

export interface ReplayedBooking extends BookingState {
  readonly id: string;
  /** The entry of the waitlist that it is offered to. */
  readonly entryId: string | null;
  readonly createdAt: Date;
}

export interface ReplayedSeat {
  readonly n: number;
  readonly state: number;
  readonly bookingId: string | null;
  readonly holdUntil: Date | null;
}

export interface ReplayedArea {
  readonly area: number;
  readonly held: number;
  readonly booked: number;
}

/** Bookings, seats and areas of one event, as its facts give them. */
export interface ReplayedEvent {
  /** Undefined: nothing was published. */
  readonly planId: string | undefined;
  readonly bookings: readonly ReplayedBooking[];
  readonly blocked: ReadonlySet<number>;
  /** Bookings whose facts do not follow the lifecycle, and where they leave it. */
  readonly broken: readonly string[];
}

/** Replays facts, in order within each stream. Streams may come in any order, because none depends on another. */
export function replayEvent(facts: readonly AnyFact[]): ReplayedEvent {
  const streams = Map.groupBy(facts as readonly Fact[], ({ stream }) => stream);
  const offers = new Map<string, string>();
  for (const fact of streams.get('waitlist') ?? [])
    if (fact.type === 'waitlist.offered') offers.set(fact.data.bookingId, fact.streamId);
  const bookings: ReplayedBooking[] = [];
  const broken: string[] = [];
  for (const [id, own] of Map.groupBy(streams.get('booking') ?? [], ({ streamId }) => streamId))
    try {
      bookings.push(replayBooking(id, own as BookingFact[], offers.get(id)));
    } catch (error) {
      broken.push(`${id}: ${(error as Error).message}`);
    }
  const { planId, published } = planOf(streams.get('event') ?? []);
  return {
    planId: published ? planId : undefined,
    bookings,
    blocked: blockedBy(streams.get('inventory') ?? []),
    broken,
  };
}

function replayBooking(
  id: string,
  facts: readonly BookingFact[],
  offer: string | undefined,
): ReplayedBooking {
  // An accepted or declined offer is no offer any more; an expired one still is.
  const offered = facts.every(({ type }) => type === 'booking.held' || type === 'booking.expired');
  return {
    ...replay(facts),
    id,
    entryId: (offered && offer) || null,
    createdAt: facts[0]!.occurredAt,
  };
}

function planOf(facts: readonly Fact[]): { planId: string | undefined; published: boolean } {
  let planId: string | undefined;
  let published = false;
  for (const fact of facts) {
    if (fact.type === 'event.created' || fact.type === 'event.updated') planId = fact.data.planId ?? planId;
    if (fact.type === 'event.published') published = true;
  }
  return { planId, published };
}

function blockedBy(facts: readonly Fact[]): Set<number> {
  const blocked = new Set<number>();
  for (const fact of facts) {
    if (fact.type === 'seats.blocked') for (const n of fact.data.seats) blocked.add(n);
    if (fact.type === 'seats.unblocked') for (const n of fact.data.seats) blocked.delete(n);
  }
  return blocked;
}

/** Every seat and area of the plan, as bookings and blocked seats have them. */
export function inventoryOf(
  { bookings, blocked }: Pick<ReplayedEvent, 'bookings' | 'blocked'>,
  layout: Pick<Layout, 'seats' | 'areas'>,
): { seats: ReplayedSeat[]; areas: ReplayedArea[] } {
  const seats: ReplayedSeat[] = layout.seats.map((_, n) => ({
    n,
    state: blocked.has(n) ? SEAT.BLOCKED : SEAT.FREE,
    bookingId: null,
    holdUntil: null,
  }));
  const areas = layout.areas.map((_, area) => ({ area, held: 0, booked: 0 }));
  for (const { id, items, expiresAt } of bookings)
    for (const { n, area, status } of items) {
      const held = status === 'held';
      if (!held && status !== 'confirmed' && status !== 'cancelling') continue;
      if (n !== null)
        seats[n] = {
          n,
          state: held ? SEAT.HELD : SEAT.BOOKED,
          bookingId: id,
          holdUntil: held ? expiresAt : null,
        };
      if (area !== null) areas[area]![held ? 'held' : 'booked']++;
    }
  return { seats, areas };
}
