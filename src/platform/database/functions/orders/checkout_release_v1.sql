-- Undoes 'reserve': the payment has failed, the booking is held again.
CREATE FUNCTION checkout_release_v1(p_saga uuid, p_lease uuid, p_ref text, p_failure text, p_since bigint)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  s saga;
BEGIN
  SELECT * INTO s FROM saga WHERE id = p_saga;
  PERFORM FROM inventory WHERE event_id = s.event_id FOR UPDATE;
  PERFORM saga_guard_v1(p_saga, p_lease);
  UPDATE payment SET status = 'declined', provider_ref = coalesce(p_ref, provider_ref), failure = p_failure,
                     next_action = NULL, version = version + 1, updated_at = clock_timestamp()
  WHERE id = p_saga AND status IN ('created', 'unknown', 'requires_action');
  RETURN booking_change_v1(s.event_id, s.subject_id, 'decline', NULL, NULL, 0, p_since, NULL, s.correlation_id);
END $$;
