-- Undoes 'confirm': the provider refused to capture what it had authorized. No money, so no seats.
CREATE FUNCTION checkout_undo_v1(p_saga uuid, p_lease uuid, p_failure text, p_since bigint)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  s saga;
  v_result jsonb;
BEGIN
  SELECT * INTO s FROM saga WHERE id = p_saga;
  PERFORM FROM inventory WHERE event_id = s.event_id FOR UPDATE;
  PERFORM saga_guard_v1(p_saga, p_lease);
  PERFORM FROM payment WHERE id = p_saga AND status = 'authorized' FOR UPDATE;
  IF NOT FOUND THEN RETURN '{"outcome": "ok"}'; END IF;
  PERFORM FROM booking_item WHERE event_id = s.event_id AND booking_id = s.subject_id AND status = 'confirmed';
  IF FOUND THEN
    PERFORM booking_change_v1(s.event_id, s.subject_id, 'cancel', NULL, NULL, 0, p_since, NULL, s.correlation_id);
  END IF;
  v_result := booking_change_v1(s.event_id, s.subject_id, 'cancelled', NULL, NULL, 0, p_since, NULL, s.correlation_id);
  -- What was to be refunded had never been paid.
  UPDATE refund SET status = 'succeeded', amount = 0, payment_id = NULL, version = version + 1,
                    updated_at = clock_timestamp()
  WHERE payment_id = p_saga AND status IN ('created', 'unknown');
  UPDATE payment SET status = 'voiding', failure = p_failure, version = version + 1, updated_at = clock_timestamp()
  WHERE id = p_saga;
  RETURN v_result;
END $$;
