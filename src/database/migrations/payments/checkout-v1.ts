/**
 * Where a booking and its money change together. Each is one autocommitted call, because none may hold the event's feed
 * row while it waits for a client; each locks that row first, then what else it needs. Between the calls stand the
 * requests to the payment provider. A payment has the id of the checkout (the saga) that makes it. Results are those of
 * booking_change_v1.
 */
export const checkoutFunctions = `
-- Null when the key is ours now, else what became of its first use. A key whose payment failed is free again.
CREATE FUNCTION idempotency_claim_v1(p_user uuid, p_key text, p_route text, p_hash bytea, p_subject uuid) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  k idempotency_key;
BEGIN
  IF p_key IS NULL THEN RETURN NULL; END IF;
  INSERT INTO idempotency_key AS i (user_id, key, route, body_hash, subject_id)
  VALUES (p_user, p_key, p_route, p_hash, p_subject)
  ON CONFLICT (user_id, key) DO UPDATE SET route = p_route, body_hash = p_hash, subject_id = p_subject, status = NULL,
    answer = NULL, created_at = clock_timestamp()
  WHERE i.created_at < clock_timestamp() - interval '24 hours'
     OR EXISTS (SELECT FROM payment WHERE id = i.subject_id AND status IN ('declined', 'voiding', 'voided'));
  IF FOUND THEN RETURN NULL; END IF;
  SELECT * INTO k FROM idempotency_key WHERE user_id = p_user AND key = p_key;
  IF k.body_hash <> p_hash THEN RETURN jsonb_build_object('outcome', 'idempotency_key_reused'); END IF;
  RETURN jsonb_build_object('outcome', 'replay', 'subject', k.subject_id, 'status', k.status, 'answer', k.answer);
END $$;

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
END $$;`;
