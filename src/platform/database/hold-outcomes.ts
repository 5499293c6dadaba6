/** Outcomes of a request in hold_batch_v1, at the place of their number there: in SQL `:OUTCOME_SOLD_OUT`, else the word. */
export const HOLD_OUTCOMES = [
  'held',
  'seats_taken',
  'area_full',
  'sale_closed',
  'event_not_on_sale',
  'too_many_seats',
  'buyer_limit_reached',
  'unknown_seats',
  'unknown_area',
  'seat_not_priced',
  'replay',
  'idempotency_key_reused',
  'idempotency_in_flight',
  'sold_out',
  'no_adjacent_seats',
  'event_ended',
] as const;
