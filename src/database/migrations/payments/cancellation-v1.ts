/** Giving tickets back: the items on their way out, and the end of it when the money has gone back. See checkout-v1. */
export const cancellationFunctions = `
-- confirmed -> cancelling with its refund, for all items or some. Items on their way out before are left alone.
CREATE FUNCTION cancel_begin_v1(p_event uuid, p_booking uuid, p_items uuid[], p_refund uuid, p_user uuid, p_key text,
  p_route text, p_hash bytea, p_since bigint, p_correlation text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_items uuid[];
  v_gone int;
  v_amount bigint;
  v_payment uuid;
  v_result jsonb;
BEGIN
  PERFORM FROM inventory WHERE event_id = p_event FOR UPDATE;
  v_result := idempotency_claim_v1(p_user, p_key, p_route, p_hash, p_refund);
  IF v_result IS NOT NULL THEN RETURN v_result; END IF;
  SELECT array_agg(id ORDER BY id) FILTER (WHERE status = 'confirmed'),
         count(*) FILTER (WHERE status IN ('cancelling', 'cancelled')),
         coalesce(sum(price) FILTER (WHERE status = 'confirmed'), 0)
  INTO v_items, v_gone, v_amount
  FROM booking_item WHERE event_id = p_event AND booking_id = p_booking AND (p_items IS NULL OR id = ANY (p_items));
  IF v_items IS NULL AND v_gone > 0 AND v_gone = coalesce(array_length(p_items, 1), v_gone) THEN
    RETURN jsonb_build_object('outcome', 'ok');
  END IF;
  -- An item that is not of this booking makes the whole request wrong, so the function is asked with what was asked.
  v_result := booking_change_v1(p_event, p_booking, 'cancel', NULL,
    CASE WHEN coalesce(array_length(v_items, 1), 0) + v_gone < array_length(p_items, 1) THEN p_items
         ELSE coalesce(v_items, p_items) END, 0, p_since, p_user, p_correlation);
  IF v_result ->> 'outcome' <> 'ok' THEN
    DELETE FROM idempotency_key WHERE user_id = p_user AND key = p_key;
    RETURN v_result;
  END IF;
  SELECT id INTO v_payment FROM payment WHERE booking_id = p_booking AND status IN ('authorized', 'captured');
  INSERT INTO refund (id, payment_id, event_id, booking_id, amount, currency, items, idempotency_key)
  SELECT p_refund, v_payment, p_event, p_booking, v_amount, currency, v_items, 'ref_' || p_refund
  FROM booking WHERE event_id = p_event AND id = p_booking;
  RETURN v_result || jsonb_build_object('refund', p_refund);
END $$;

-- The provider has accepted the refund: the items are cancelled, their seats free.
CREATE FUNCTION cancel_finish_v1(p_refund uuid, p_ref text, p_since bigint, p_correlation text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  r refund;
  v_result jsonb;
BEGIN
  PERFORM FROM inventory WHERE event_id = (SELECT event_id FROM refund WHERE id = p_refund) FOR UPDATE;
  SELECT * INTO r FROM refund WHERE id = p_refund FOR UPDATE;
  IF r.status = 'succeeded' THEN RETURN jsonb_build_object('outcome', 'ok'); END IF;
  v_result := booking_change_v1(r.event_id, r.booking_id, 'cancelled', NULL, r.items, 0, p_since, NULL, p_correlation);
  UPDATE refund SET status = 'succeeded', provider_ref = p_ref, failure = NULL, version = version + 1,
                    updated_at = clock_timestamp()
  WHERE id = p_refund;
  RETURN v_result;
END $$;`;
