/**
 * The table of error codes: part of the public contract, printed into the documentation.
 * A code never changes its status or its meaning; add a new one instead.
 */
export const STATUS = {
  malformed: 400,
  unauthenticated: 401,
  payment: 402,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  gone: 410,
  precondition_failed: 412,
  too_large: 413,
  unsupported_media: 415,
  invalid: 422,
  precondition_required: 428,
  throttled: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ErrorKind = keyof typeof STATUS;

/** code → [kind, title]. Titles are one plain sentence; the detail of an answer says what to do about it. */
export const ERROR_CODES = {
  // any request
  malformed_json: ['malformed', 'The body is not valid JSON'],
  invalid_parameter: ['malformed', 'A path parameter has the wrong form'],
  invalid_query: ['malformed', 'A query parameter has the wrong form'],
  invalid_cursor: ['malformed', 'The cursor is not one this list has given out'],
  wrong_type: ['malformed', 'A field has the wrong type'],
  missing_field: ['malformed', 'A required field is missing'],
  unknown_field: ['malformed', 'A field is not known here'],
  invalid_header: ['malformed', 'A header has the wrong form'],
  bad_request: ['malformed', 'The request is malformed'],
  validation_failed: ['invalid', 'A value is outside of what is allowed'],
  body_too_large: ['too_large', 'The body is larger than this route accepts'],
  unsupported_media_type: ['unsupported_media', 'The content type is not accepted here'],
  route_not_found: ['not_found', 'There is no such route'],
  not_found: ['not_found', 'There is nothing here under that id'],
  method_not_allowed: ['method_not_allowed', 'The route does not know this method'],
  if_match_required: ['precondition_required', 'Edits need the If-Match header with the ETag last read'],
  version_mismatch: ['precondition_failed', 'Someone else changed this since it was read'],
  rate_limited: ['throttled', 'Too many requests'],
  internal_error: ['internal', 'Something went wrong on our side'],
  overloaded: ['unavailable', 'More requests are waiting than can be served soon'],
  outcome_unknown: ['unavailable', 'The database could not be asked whether this took effect'],
  database_unavailable: ['unavailable', 'The database cannot be reached right now'],
  not_migrated: ['unavailable', 'The database lacks migrations of this release'],
  shutting_down: ['unavailable', 'This replica is shutting down'],
  // idempotency
  idempotency_key_reused: ['invalid', 'The Idempotency-Key was used before with another body'],
  idempotency_in_flight: ['conflict', 'A request with this Idempotency-Key is still being worked on'],
  // mail and notifications
  mail_settled: ['conflict', 'The mail was sent or dropped, or is being sent'],
  notification_required: ['invalid', 'Notifications of this kind are always shown in the application'],
  // auth
  unauthenticated: ['unauthenticated', 'A valid access token is needed'],
  token_expired: ['unauthenticated', 'The access token has expired'],
  token_invalid: ['unauthenticated', 'The access token is not valid'],
  token_revoked: ['unauthenticated', 'The access token was revoked'],
  forbidden: ['forbidden', 'The role of this account does not allow this'],
  invalid_credentials: ['unauthenticated', 'Email and password do not belong together'],
  refresh_token_invalid: ['unauthenticated', 'The refresh token is unknown or its session is over'],
  refresh_token_used: ['unauthenticated', 'Another request used this refresh token at the same moment'],
  refresh_token_reused: ['unauthenticated', 'The refresh token was used before, so its session was ended'],
  wrong_password: ['forbidden', 'The current password is not right'],
  email_taken: ['conflict', 'There is an account with this email address'],
  password_unacceptable: ['invalid', 'The password is too easy to guess'],
  link_invalid: ['invalid', 'The link was used before, is too old, or is not one of ours'],
  last_admin: ['conflict', 'The last administrator must stay one'],
  // venues and seating plans
  venue_in_use: ['conflict', 'The venue has events, so it cannot be deleted'],
  invalid_plan: ['invalid', 'The seating plan has problems; all are listed with their paths'],
  plan_exceeds_capacity: ['invalid', 'The plan has more seats and places than the venue may hold'],
  // events
  unknown_venue: ['invalid', 'There is no such venue'],
  unknown_plan: ['invalid', 'There is no such seating plan'],
  plan_of_another_venue: ['invalid', 'The seating plan belongs to another venue'],
  invalid_dates: ['invalid', 'The dates of the event do not fit together'],
  invalid_price_tiers: ['invalid', 'At least one price tier does not fit the plan; all are listed'],
  price_tiers_required: ['conflict', 'An event on sale needs at least one price tier'],
  plan_locked: ['conflict', 'Venue and plan of an event cannot change after publishing'],
  locked_after_publish: ['conflict', 'This cannot change after publishing'],
  not_a_draft: ['conflict', 'The event was published before'],
  // inventory and holds
  event_not_on_sale: ['conflict', 'The event is not on sale'],
  sale_closed: ['conflict', 'The sale of this event is closed at this time'],
  event_ended: ['conflict', 'The event is over or cancelled'],
  seats_taken: ['conflict', 'At least one of the seats is taken'],
  unknown_seats: ['invalid', 'At least one seat number is not part of this event'],
  unknown_area: ['invalid', 'At least one area is not part of this event'],
  unknown_category: ['invalid', 'At least one category is not part of this event'],
  area_full: ['conflict', 'The area has not that many places left'],
  sold_out: ['conflict', 'No seats are left that match'],
  no_adjacent_seats: ['conflict', 'No seats next to each other are left in that number'],
  too_many_seats: ['invalid', 'More seats than one booking may have'],
  buyer_limit_reached: ['conflict', 'More seats than one buyer may have for this event'],
  seat_not_priced: ['conflict', 'At least one of the seats is not for sale: no price tier covers it'],
  seats_not_blockable: ['conflict', 'At least one of the seats is held or booked'],
  feed_gone: ['gone', 'Changes since that number are no longer kept; read the state again'],
  event_has_bookings: ['conflict', 'The event has held or sold seats'],
  // sockets
  too_many_watched: ['conflict', 'A socket may watch no more events than this'],
  // bookings
  hold_expired: ['conflict', 'The hold has expired'],
  not_held: ['conflict', 'The booking is not a hold any more'],
  already_extended: ['conflict', 'The hold was extended before'],
  too_many_tries: ['conflict', 'Payment was declined three times; the seats go when the hold ends'],
  not_paying: ['conflict', 'No payment of this booking is under way'],
  not_confirmed: ['conflict', 'The booking is not confirmed'],
  items_not_confirmed: ['conflict', 'At least one item is not a live ticket of this booking'],
  not_cancelling: ['conflict', 'Nothing of this booking is being cancelled'],
  payment_declined: ['payment', 'The payment was declined'],
  payment_under_way: ['conflict', 'A payment of this booking is under way'],
  payment_required: ['invalid', 'The booking costs money, so a payment method is needed'],
  event_started: ['conflict', 'The event has started, so its bookings can no longer be cancelled'],
  // webhooks
  webhook_url_refused: ['invalid', 'Nothing can be told to that address'],
  too_many_webhooks: ['conflict', 'One person may have no more webhooks than this'],
  webhook_inactive: ['conflict', 'The webhook is switched off'],
  delivery_under_way: ['conflict', 'The message is being sent at this moment'],
  // operations
  saga_ended: ['conflict', 'The saga is at its end, so there is nothing to retry'],
} as const satisfies Record<string, readonly [ErrorKind, string]>;

export type ErrorCode = keyof typeof ERROR_CODES;
