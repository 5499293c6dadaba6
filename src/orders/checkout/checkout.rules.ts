import type { BookingBody } from '../../bookings/bookings.schemas.js';
import type { EventRecord } from '../../events/events.service.js';

/** How long a payment may take, with the seats still held for it. */
export const PAYING_SECONDS = 900;

export type CheckoutOutcome =
  | 'confirmed'
  | 'paying'
  | 'payment_declined'
  | 'payment_not_collected'
  | 'hold_expired'
  | 'event_cancelled';

/** Outcome of a checkout as the buyer hears it, derived from the states of booking, payment and event. */
export function checkoutOutcome(
  booking: BookingBody['status'],
  payment: string | undefined,
  event: EventRecord['status'],
): CheckoutOutcome {
  if (booking === 'paying') return booking;
  // Also where the bank has just paid: the cancellation of the event pays it back.
  if (event === 'cancelled') return 'event_cancelled';
  if (booking === 'confirmed') return booking;
  if (booking === 'released' || booking === 'expired') return 'hold_expired';
  const failed = payment === 'declined' || payment === 'voiding' || payment === 'voided';
  if (booking === 'held') return failed ? 'payment_declined' : 'hold_expired';
  // Sold and given back since; or never paid, so that nothing was sold.
  return failed ? 'payment_not_collected' : 'confirmed';
}
