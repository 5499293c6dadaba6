/**
 * Areas of texts that few read: they are fetched with the first page of desk or operator, or with the security of an
 * account.
 */
export const DESK_AREAS = [
  'security',
  'desk',
  'sales',
  'gate',
  'operator',
  'house',
  'hooks',
  'members',
  'providers',
  'keys',
  'log',
];

/** Errors that only these meet: their texts come with the areas above. */
export const DESK_ERRORS = `
  mail_under_way mail_not_repeatable mail_settled rush_under_way invalid_plan plan_exceeds_capacity
  invalid_price_tiers price_tiers_required plan_locked invalid_dates locked_after_publish not_a_draft
  seats_not_blockable venue_in_use capacity_in_use ticket_unknown ticket_not_genuine
  ticket_of_another_event ticket_cancelled ticket_transferred ticket_in_use not_checked_in
  event_not_cancelled refund_exceeds_payment refund_not_stuck webhook_url_refused too_many_webhooks
  webhook_inactive delivery_under_way saga_ended still_failing key_of_other_kind key_needed
  too_many_keys organisation_required unknown_events customer_locked rights_not_yours already_owner
  too_many_invitations imprint_missing accent_too_pale logo_unsupported image_unreadable
  image_too_large identity_provider_exists too_many_identity_providers issuer_refused second_factor_on
  second_factor_off passkey_known passkeys_full
`
  .trim()
  .split(/\s+/);
