-- The step 'confirm': the money is set aside, so the seats are sold. 'hold_expired' leaves the payment as it is: the next
-- call, with p_late, looks for the seats or others like them; p_new are ids for the items of those, none if the buyer
-- wants none. Any other refusal means that the money is to go back.
CREATE FUNCTION checkout_confirm_v1(p_saga uuid, p_lease uuid, p_ref text, p_late boolean, p_new uuid[], p_since bigint)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  s saga;
  p payment;
  v_status text;
  v_result jsonb;
BEGIN
  SELECT * INTO s FROM saga WHERE id = p_saga;
  PERFORM FROM inventory WHERE event_id = s.event_id FOR UPDATE;
  PERFORM saga_guard_v1(p_saga, p_lease);
  SELECT * INTO p FROM payment WHERE id = p_saga FOR UPDATE;
  SELECT status INTO v_status FROM booking WHERE event_id = s.event_id AND id = s.subject_id;
  -- Done before, by an attempt that could not tell.
  IF p.status = 'voiding' THEN RETURN jsonb_build_object('outcome', p.failure); END IF;
  IF p.status IN ('authorized', 'captured') OR (p.id IS NULL AND v_status NOT IN ('paying', 'expired')) THEN
    RETURN jsonb_build_object('outcome', 'ok');
  END IF;
  IF v_status = 'expired' AND NOT p_late THEN RETURN jsonb_build_object('outcome', 'hold_expired'); END IF;
  v_result := CASE WHEN p_late
    THEN booking_restore_v1(s.event_id, s.subject_id, p_new, p_since, s.actor, s.correlation_id)
    ELSE booking_change_v1(s.event_id, s.subject_id, 'confirm', NULL, NULL, 0, p_since, s.actor, s.correlation_id) END;
  UPDATE payment SET
    status = CASE v_result ->> 'outcome' WHEN 'ok' THEN 'authorized' ELSE 'voiding' END,
    failure = nullif(v_result ->> 'outcome', 'ok'), provider_ref = coalesce(p_ref, provider_ref), next_action = NULL,
    version = version + 1, updated_at = clock_timestamp()
  WHERE id = p_saga;
  RETURN v_result;
END $$;
