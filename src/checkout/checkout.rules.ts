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
  if (payment === 'declined' && booking !== 'confirmed') return 'payment_declined';
  if (booking === 'held' || booking === 'released' || booking === 'expired') return 'hold_expired';
  return 'confirmed';
}
