import type { BookingProgress } from '../../bookings/bookings.service.js';
import type { EventRecord } from '../../events/events.service.js';
import type { AnyFact } from '../../platform/facts/fact-map.js';
import type { Venue } from '../../venues/venues.schemas.js';
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

/** True for a purchase: its mail lists the places and brings the tickets. */
export const isPurchase = (kind: string): boolean =>
  kind === 'booking.confirmed' || kind === 'booking.restored' || kind === 'booking.replaced';

/** True for mails that people look at before they leave home: they say when doors open. */
export const isForVisit = (kind: Kind): boolean =>
  isPurchase(kind) || kind === 'event.reminder' || kind === 'event.changed';

/** Calendar entries that a mail brings: those of its booking, or all that the recipient has of the event. */
export const CALENDARS: Partial<Record<Kind, 'booking' | 'event'>> = {
  'booking.confirmed': 'booking',
  'booking.restored': 'booking',
  'booking.replaced': 'booking',
  'booking.cancelled': 'booking',
  'event.changed': 'event',
  'event.cancelled': 'event',
  'ticket.transferred': 'event',
};

/** True for mails that bring tickets, or the calendar entry of tickets as they are now: customers of shops get no others. */
export const isTicketMail = (kind: Kind): boolean => CALENDARS[kind] !== undefined;

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

export type Place = Pick<Venue, 'name' | 'address' | 'city'>;

/** Name and address of a venue after so many of its facts. */
export const placeAt = (history: readonly AnyFact[], version: number): Place =>
  Object.assign({}, ...history.filter((fact) => fact.version <= version).map(({ data }) => data));

export const placeLine = ({ name, address, city }: Place): string => [name, address, city].join(', ');

/** Where OpenStreetMap finds a place. */
export const mapLink = (place: string): string =>
  `https://www.openstreetmap.org/search?query=${encodeURIComponent(place)}`;

/** True when two places differ in spelling only, so that nobody would go to another door. */
export const isSamePlace = (one: Place, other: Place): boolean => inWords(one) === inWords(other);

const inWords = (place: Place): string =>
  placeLine(place)
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\p{P}]+/gu, ' ')
    .trim();
