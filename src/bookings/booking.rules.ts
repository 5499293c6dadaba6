import type { Fact, FactType } from '../platform/facts/fact-map.js';
import type { HeldItem } from './bookings.facts.js';

export const BOOKING_STATUSES = [
  'held',
  'paying',
  'confirmed',
  'cancelling',
  'cancelled',
  'released',
  'expired',
] as const;
export type BookingStatus = (typeof BOOKING_STATUSES)[number];

export const ITEM_STATUSES = ['held', 'confirmed', 'cancelling', 'cancelled', 'released', 'expired'] as const;
export type ItemStatus = (typeof ITEM_STATUSES)[number];

/** Why a booking has ended, or is being cancelled. */
export const END_REASONS = [
  'hold_expired',
  'released_by_buyer',
  'released_by_organizer',
  'payment_not_collected',
  'cancelled_by_buyer',
  'cancelled_by_organizer',
  'event_cancelled',
] as const;
export type EndReason = (typeof END_REASONS)[number];

export interface BookingItemState {
  readonly id: string;
  readonly n: number | null;
  readonly area: number | null;
  readonly price: number;
  readonly status: ItemStatus;
}

/** A booking as its facts tell it. */
export interface BookingState {
  readonly status: BookingStatus;
  readonly userId: string;
  readonly code: string;
  readonly expiresAt: Date;
  /** Deadline of the hold; differs from `expiresAt` while a payment has its own. */
  readonly heldUntil: Date;
  readonly extended: boolean;
  readonly tries: number;
  readonly currency: string;
  /** Price as agreed; cancelled items do not change it. */
  readonly total: number;
  readonly version: number;
  readonly items: readonly BookingItemState[];
}

export type BookingFactType = Extract<FactType, `booking.${string}`>;
export type BookingFact = Fact<BookingFactType>;
type Step = Exclude<BookingFactType, 'booking.held'>;

interface Transition {
  readonly from: readonly BookingStatus[];
  /** State after the step; absent: it follows from the items, because parts of a booking can be cancelled. */
  readonly to?: BookingStatus;
  readonly items?: readonly [from: ItemStatus, to: ItemStatus];
}

/**
 * The lifecycle. `booking.held` begins it; `released` and `cancelled` end it, and `expired` unless a payment comes
 * late.
 */
export const TRANSITIONS: Record<Step, Transition> = {
  'booking.extended': { from: ['held'], to: 'held' },
  'booking.accepted': { from: ['held'], to: 'held' },
  'booking.paying': { from: ['held'], to: 'paying' },
  'booking.declined': { from: ['paying'], to: 'held' },
  'booking.confirmed': { from: ['paying'], to: 'confirmed', items: ['held', 'confirmed'] },
  'booking.released': { from: ['held'], to: 'released', items: ['held', 'released'] },
  'booking.expired': { from: ['held', 'paying'], to: 'expired', items: ['held', 'expired'] },
  'booking.restored': { from: ['expired'], to: 'confirmed', items: ['expired', 'confirmed'] },
  'booking.replaced': { from: ['expired'], to: 'confirmed', items: ['expired', 'confirmed'] },
  'booking.cancelling': { from: ['confirmed', 'cancelling'], items: ['confirmed', 'cancelling'] },
  'booking.cancelled': { from: ['confirmed', 'cancelling'], items: ['cancelling', 'cancelled'] },
};

/** The booking that its facts, oldest first, give. Throws when they do not follow the lifecycle. */
export function replay(facts: readonly BookingFact[]): BookingState {
  let booking: BookingState | undefined;
  for (const fact of facts) booking = apply(booking, fact);
  if (!booking) throw new Error('A booking begins with booking.held');
  return booking;
}

function apply(before: BookingState | undefined, fact: BookingFact): BookingState {
  if (fact.type === 'booking.held') {
    if (before) throw new Error('booking.held twice');
    return begin(fact);
  }
  const { from, to, items: move } = TRANSITIONS[fact.type];
  if (!before || !from.includes(before.status) || fact.version !== before.version + 1)
    throw new Error(`${fact.type} ${fact.version} cannot follow ${before?.status} ${before?.version}`);
  const named = 'items' in fact.data ? fact.data.items : undefined;
  const items = move
    ? before.items.map((item) =>
        item.status === move[0] && (!named || named.includes(item.id)) ? { ...item, status: move[1] } : item,
      )
    : before.items;
  return {
    ...before,
    ...deadlines(fact),
    items: fact.type === 'booking.replaced' ? [...items, ...listed(fact.data.added, 'confirmed')] : items,
    status: to ?? cancellationStatus(items),
    extended: before.extended || fact.type === 'booking.extended',
    tries: fact.type === 'booking.paying' ? fact.data.try : before.tries,
    version: fact.version,
  };
}

function begin({ data, version }: Fact<'booking.held'>): BookingState {
  const deadline = new Date(data.expiresAt);
  return {
    status: 'held',
    userId: data.userId,
    code: data.code,
    expiresAt: deadline,
    heldUntil: deadline,
    extended: false,
    tries: 0,
    currency: data.currency,
    total: data.total,
    version,
    items: listed(data.items, 'held'),
  };
}

const listed = (items: readonly HeldItem[], status: ItemStatus): BookingItemState[] =>
  items.map(([id, n, area, price]) => ({ id, n, area, price, status }));

function deadlines(fact: BookingFact): { expiresAt?: Date; heldUntil?: Date } {
  if (!('expiresAt' in fact.data)) return {};
  const expiresAt = new Date(fact.data.expiresAt);
  return fact.type === 'booking.paying' ? { expiresAt } : { expiresAt, heldUntil: expiresAt };
}

/** Status after a cancellation: confirmed while any ticket is valid, else cancelling until the last refund is done. */
function cancellationStatus(items: readonly BookingItemState[]): BookingStatus {
  for (const status of ['confirmed', 'cancelling'] as const)
    if (items.some((item) => item.status === status)) return status;
  return 'cancelled';
}
