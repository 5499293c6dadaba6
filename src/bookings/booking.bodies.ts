import type { Held } from '../inventory/holds/holds.service.js';
import type { Locale } from '../platform/common/locale.js';
import type { BookingRecord } from './bookings.repository.js';
import type { BookingBody, HoldBody } from './bookings.schemas.js';
import type { PlaceNames } from './place-names.js';

/** A hold as it was made; a replayed key gives the same. */
export function toHoldBody(eventId: string, held: Held, names: PlaceNames, locale: Locale): HoldBody {
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
      ...names.of(n, area, locale),
      price,
    })),
  };
}

export function toBookingBody(booking: BookingRecord, names: PlaceNames, locale: Locale): BookingBody {
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
      ...names.of(n, area, locale),
      price,
    })),
  };
}
