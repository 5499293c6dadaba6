-- The refund is accepted, or there is none: the items are cancelled, their seats free.
CREATE FUNCTION cancel_finish_v1(p_saga uuid, p_lease uuid, p_refund uuid, p_ref text, p_since bigint,
                                 p_correlation text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  r refund;
  v_result jsonb;
BEGIN
  PERFORM FROM inventory WHERE event_id = (SELECT event_id FROM refund WHERE id = p_refund) FOR UPDATE;
  PERFORM saga_guard_v1(p_saga, p_lease);
  SELECT * INTO r FROM refund WHERE id = p_refund FOR UPDATE;
  v_result := jsonb_build_object('outcome', 'ok');
  IF r.status = 'succeeded' THEN RETURN v_result; END IF;
  IF r.cause <> 'goodwill' THEN
    v_result := booking_change_v1(r.event_id, r.booking_id, 'cancelled', NULL, r.items, 0, p_since, NULL,
                                  p_correlation);
  END IF;
  UPDATE refund SET status = 'succeeded', provider_ref = p_ref, failure = NULL, version = version + 1,
                    updated_at = clock_timestamp()
  WHERE id = p_refund;
  RETURN v_result;
END $$;
