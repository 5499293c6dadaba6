/**
 * Where a booking and its money change together. Each is one autocommitted call, because none may hold the event's feed
 * row while it waits for a client; each locks that row first, then what else it needs. Between the calls stand the
 * requests to the payment provider. Results are those of booking_change_v1.
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

-- held -> paying with its payment; a booking that costs nothing goes on to confirmed.
CREATE FUNCTION checkout_begin_v1(p_event uuid, p_booking uuid, p_user uuid, p_payment uuid, p_provider text,
  p_method text, p_seconds int, p_key text, p_route text, p_hash bytea, p_since bigint, p_correlation text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  b booking;
  v_result jsonb;
BEGIN
  PERFORM FROM inventory WHERE event_id = p_event FOR UPDATE;
  v_result := idempotency_claim_v1(p_user, p_key, p_route, p_hash, p_payment);
  IF v_result IS NOT NULL THEN RETURN v_result; END IF;
  v_result := booking_change_v1(p_event, p_booking, 'pay', p_user, NULL, p_seconds, p_since, p_user, p_correlation);
  IF v_result ->> 'outcome' <> 'ok' THEN
    DELETE FROM idempotency_key WHERE user_id = p_user AND key = p_key;
    RETURN v_result;
  END IF;
  SELECT * INTO b FROM booking WHERE event_id = p_event AND id = p_booking;
  IF b.total = 0 THEN
    RETURN booking_change_v1(p_event, p_booking, 'confirm', p_user, NULL, 0, p_since, p_user, p_correlation);
  END IF;
  INSERT INTO payment (id, event_id, booking_id, user_id, provider, method, amount, currency, idempotency_key)
  VALUES (p_payment, p_event, p_booking, p_user, p_provider, p_method, b.total, b.currency, 'pay_' || p_payment);
  RETURN v_result;
END $$;

-- The provider has answered. 'confirm': the seats are sold, or when they are lost the money is to go back;
-- 'decline': back to held. A payment that was settled before is left alone.
CREATE FUNCTION checkout_settle_v1(p_payment uuid, p_action text, p_ref text, p_failure text, p_since bigint,
                                   p_correlation text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  p payment;
  v_result jsonb;
BEGIN
  PERFORM FROM inventory WHERE event_id = (SELECT event_id FROM payment WHERE id = p_payment) FOR UPDATE;
  SELECT * INTO p FROM payment WHERE id = p_payment FOR UPDATE;
  IF p.status NOT IN ('created', 'unknown', 'requires_action') THEN
    RETURN jsonb_build_object('outcome', 'ok');
  END IF;
  v_result := booking_change_v1(p.event_id, p.booking_id, p_action, NULL, NULL, 0, p_since,
                                CASE p_action WHEN 'confirm' THEN p.user_id END, p_correlation);
  UPDATE payment SET
    status = CASE WHEN p_action = 'decline' THEN 'declined' WHEN v_result ->> 'outcome' = 'ok' THEN 'authorized'
                  ELSE 'voiding' END,
    provider_ref = coalesce(p_ref, provider_ref), failure = p_failure, next_action = NULL, version = version + 1,
    updated_at = clock_timestamp()
  WHERE id = p_payment;
  RETURN v_result;
END $$;

-- The provider refused to capture what it had authorized: no money, so no seats.
CREATE FUNCTION checkout_undo_v1(p_payment uuid, p_failure text, p_since bigint, p_correlation text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  p payment;
  v_items uuid[];
  v_result jsonb := '{"outcome": "ok"}';
BEGIN
  PERFORM FROM inventory WHERE event_id = (SELECT event_id FROM payment WHERE id = p_payment) FOR UPDATE;
  SELECT * INTO p FROM payment WHERE id = p_payment FOR UPDATE;
  IF p.status <> 'authorized' THEN RETURN v_result; END IF;
  SELECT array_agg(id) INTO v_items FROM booking_item
  WHERE event_id = p.event_id AND booking_id = p.booking_id AND status = 'confirmed';
  IF v_items IS NOT NULL THEN
    PERFORM booking_change_v1(p.event_id, p.booking_id, 'cancel', NULL, NULL, 0, p_since, NULL, p_correlation);
  END IF;
  v_result := booking_change_v1(p.event_id, p.booking_id, 'cancelled', NULL, NULL, 0, p_since, NULL, p_correlation);
  -- What was to be refunded had never been paid.
  UPDATE refund SET status = 'succeeded', amount = 0, payment_id = NULL, version = version + 1,
                    updated_at = clock_timestamp()
  WHERE payment_id = p_payment AND status IN ('created', 'unknown');
  UPDATE payment SET status = 'declined', failure = p_failure, version = version + 1, updated_at = clock_timestamp()
  WHERE id = p_payment;
  RETURN v_result;
END $$;`;
