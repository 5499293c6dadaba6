import type { BookingBody } from '../bookings/bookings.schemas.js';

/** How long a payment may take, with the seats still held for it. */
export const PAYING_SECONDS = 900;

export type CheckoutOutcome = 'confirmed' | 'paying' | 'payment_declined' | 'hold_expired';

/** What a buyer is told of a checkout, from the states that booking and payment are in. */
export function checkoutOutcome(
  booking: BookingBody['status'],
  payment: string | undefined,
): CheckoutOutcome {
  if (booking === 'paying') return 'paying';
  if (booking === 'released' || booking === 'expired') return 'hold_expired';
  const failed = payment === 'declined' || payment === 'voiding' || payment === 'voided';
  if (booking !== 'confirmed' && failed) return 'payment_declined';
  return booking === 'held' ? 'hold_expired' : 'confirmed';
}
