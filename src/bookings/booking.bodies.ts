import type { Held } from '../inventory/holds/holds.service.js';
import type { BookingRecord } from './bookings.repository.js';
import type { BookingBody, HoldBody } from './bookings.schemas.js';

/** Labels of an event's seats and areas, by number. */
export interface PlaceNames {
  readonly seats: readonly string[];
  readonly areas: readonly string[];
}

const seatBody = (n: number | null, { seats }: PlaceNames) => (n === null ? null : { n, label: seats[n]! });
const areaBody = (area: number | null, { areas }: PlaceNames) => (area === null ? null : areas[area]!);

/** A hold as it was made; a replayed key gives the same. */
export function toHoldBody(eventId: string, held: Held, names: PlaceNames): HoldBody {
  return {
    id: held.id,
    code: held.code,
    status: 'held',
    eventId,
    expiresAt: held.expiresAt,
    currency: held.currency,
    total: held.total,
    items: held.items.map(({ id, n, area, price }) => ({
      id,
      status: 'held',
      seat: seatBody(n, names),
      area: areaBody(area, names),
      price,
    })),
  };
}

export function toBookingBody(booking: BookingRecord, names: PlaceNames): BookingBody {
  const { id, code, status, eventId, currency, total, items } = booking;
  const pending = status === 'held' || status === 'paying';
  return {
    id,
    code,
    status,
    eventId,
    expiresAt: pending ? booking.expiresAt.toISOString() : null,
    currency,
    total,
    createdAt: booking.createdAt.toISOString(),
    endReason: booking.endReason,
    items: items.map(([itemId, itemStatus, n, area, price]) => ({
      id: itemId,
      status: itemStatus,
      seat: seatBody(n, names),
      area: areaBody(area, names),
      price,
    })),
  };
}
