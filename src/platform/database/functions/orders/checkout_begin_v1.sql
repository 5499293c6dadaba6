-- The step 'reserve': held -> paying, with the checkout and, unless the booking costs nothing, its payment.
CREATE FUNCTION checkout_begin_v1(p_saga uuid, p_lease uuid, p_lease_seconds double precision, p_data jsonb,
  p_event uuid, p_booking uuid, p_user uuid, p_provider text, p_method text, p_seconds int, p_key text, p_route text,
  p_hash bytea, p_since bigint, p_correlation text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_result jsonb;
BEGIN
  PERFORM FROM inventory WHERE event_id = p_event FOR UPDATE;
  v_result := idempotency_claim_v1(p_user, p_key, p_route, p_hash, p_saga);
  IF v_result IS NOT NULL THEN RETURN v_result; END IF;
  v_result := booking_change_v1(p_event, p_booking, 'pay', p_user, NULL, p_seconds, p_since, p_user, p_correlation);
  IF v_result ->> 'outcome' <> 'ok' THEN
    DELETE FROM idempotency_key WHERE user_id = p_user AND key = p_key;
    RETURN v_result;
  END IF;
  PERFORM saga_start_v1(p_saga, 'checkout', p_booking, p_event, p_data, 'reserve', p_lease, p_lease_seconds, p_user,
                        p_correlation, 'authorize');
  INSERT INTO payment (id, event_id, booking_id, user_id, provider, method, amount, currency, idempotency_key)
  SELECT p_saga, p_event, p_booking, p_user, p_provider, p_method, total, currency, 'pay_' || p_saga
  FROM booking WHERE event_id = p_event AND id = p_booking AND total > 0;
  RETURN v_result;
END $$;
