import type { BookingProgress } from '../bookings/bookings.service.js';
import type { EventRecord } from '../events/events.service.js';
import type { AnyFact } from '../facts/fact-map.js';
import type { Kind } from './notification.kinds.js';

export type LinkedPage = 'booking' | 'event' | 'waitlist' | 'tickets';

/** Where a mail leads to. */
export const LINKS: Record<Kind, LinkedPage> = {
  'booking.confirmed': 'booking',
  'booking.restored': 'booking',
  'booking.replaced': 'booking',
  'booking.expired': 'event',
  'booking.cancelled': 'booking',
  'payment.returned': 'booking',
  'refund.delayed': 'booking',
  'event.changed': 'tickets',
  'event.cancelled': 'event',
  'event.reminder': 'tickets',
  'ticket.transferred': 'tickets',
  'waitlist.offered': 'waitlist',
  'waitlist.expired': 'event',
  'waitlist.closed': 'event',
};

/** Somebody has bought something: the mail says what, and has the entry for the calendar. */
export const isPurchase = (kind: Kind): boolean =>
  kind === 'booking.confirmed' || kind === 'booking.restored' || kind === 'booking.replaced';

/** Whether what a mail would say has become untrue while it waited. */
export function isOver(
  kind: Kind,
  event: Pick<EventRecord, 'status' | 'startsAt'>,
  booking: BookingProgress['status'] | undefined,
  now: Date,
): boolean {
  if (isPurchase(kind)) return booking !== 'confirmed';
  if (kind === 'waitlist.offered') return booking !== 'held';
  if (kind === 'event.changed') return event.status === 'cancelled';
  if (kind === 'event.reminder') return event.status !== 'published' || event.startsAt <= now;
  return false;
}

/** `booking:<id>:3`: the same fact is never told twice. */
export const causeOf = ({ stream, streamId, version }: AnyFact): string => `${stream}:${streamId}:${version}`;
