// Made by `npm run client:types` from the documents of the running application.

/** Operations that take an `Idempotency-Key`. */
export const IDEMPOTENT = [
  'POST /api/v1/venues',
  'POST /api/v1/venues/{id}/seating-plans',
  'POST /api/v1/events',
  'POST /api/v1/events/{id}/holds',
  'POST /api/v1/events/{id}/check-in',
  'POST /api/v1/events/{id}/check-in/undo',
  'POST /api/v1/tickets/{id}/transfer',
  'POST /api/v1/ticket-transfers/{id}/accept',
  'POST /api/v1/bookings/{id}/checkout',
  'POST /api/v1/bookings/{id}/cancel',
  'POST /api/v1/events/{id}/cancel',
  'POST /api/v1/payments/{id}/refund',
  'POST /api/v1/events/{id}/waitlist',
  'POST /api/v1/webhooks',
] as const;
