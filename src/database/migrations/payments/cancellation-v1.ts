/**
 * Giving tickets back: the money first, then the seats are free. As in the checkout, each call is autocommitted and locks
 * the event's feed row first; the refund itself is asked for between them, by the saga `cancellation`.
 */
export const cancellationFunctions = `
-- Begins the cancellation of confirmed items; the caller holds the feed row. What has been paid bounds what goes back.
CREATE FUNCTION cancellation_start_v1(p_event uuid, p_booking uuid, p_items uuid[], p_amount bigint, p_cause text,
  p_refund uuid, p_saga uuid, p_lease uuid, p_seconds double precision, p_actor uuid, p_since bigint,
  p_correlation text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_payment uuid;
  v_left bigint;
  v_result jsonb;
BEGIN
  v_result := booking_change_v1(p_event, p_booking, 'cancel', NULL, p_items, 0, p_since, p_actor, p_correlation);
  IF v_result ->> 'outcome' <> 'ok' THEN RETURN v_result; END IF;
  PERFORM saga_start_v1(p_saga, 'cancellation', p_booking, p_event, jsonb_build_object('refundId', p_refund), NULL,
                        p_lease, p_seconds, p_actor, p_correlation, CASE WHEN p_lease IS NOT NULL THEN 'refund' END);
  SELECT p.id, p.amount - coalesce((SELECT sum(r.amount) FROM refund r WHERE r.payment_id = p.id), 0)
  INTO v_payment, v_left
  FROM payment p WHERE p.booking_id = p_booking AND p.status IN ('authorized', 'captured');
  INSERT INTO refund (id, payment_id, event_id, booking_id, amount, price, currency, items, cause, saga_id,
                      idempotency_key)
  SELECT p_refund, v_payment, p_event, p_booking, least(p_amount, coalesce(v_left, 0)), sum(i.price),
         min(b.currency), p_items, p_cause, p_saga, 'ref_' || p_refund
  FROM booking b JOIN booking_item i ON i.event_id = b.event_id AND i.booking_id = b.id AND i.id = ANY (p_items)
  WHERE b.event_id = p_event AND b.id = p_booking;
  RETURN v_result || jsonb_build_object('saga', p_saga);
END $$;

-- Looked at before, but a ticket may have been handed on since, or just be changing hands. That is a transaction of
-- several round trips, which the feed row must not wait for.
CREATE FUNCTION tickets_take_v1(p_event uuid, p_booking uuid, p_items uuid[], p_user uuid) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  v_all int;
  v_free int;
  v_gone int;
BEGIN
  SELECT count(*) INTO v_all FROM ticket
  WHERE event_id = p_event AND booking_id = p_booking AND item_id = ANY (p_items);
  SELECT count(*), count(*) FILTER (WHERE holder_id <> p_user) INTO v_free, v_gone FROM (
    SELECT holder_id FROM ticket
    WHERE event_id = p_event AND booking_id = p_booking AND item_id = ANY (p_items) FOR UPDATE SKIP LOCKED) taken;
  RETURN CASE WHEN v_gone > 0 THEN 'ticket_transferred' WHEN v_free < v_all THEN 'ticket_in_use' ELSE 'ok' END;
END $$;

-- For all items or some; those on their way out before are left alone. p_offered: what was offered for each item of
-- the booking when the terms were read.
CREATE FUNCTION cancel_begin_v1(p_event uuid, p_booking uuid, p_items uuid[], p_offered uuid[], p_amounts bigint[],
  p_cause text, p_refund uuid, p_saga uuid, p_lease uuid, p_seconds double precision, p_user uuid, p_key text,
  p_route text, p_hash bytea, p_since bigint, p_correlation text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_items uuid[];
  v_gone int;
  v_unknown int;
  v_amount bigint;
  v_result jsonb;
BEGIN
  PERFORM FROM inventory WHERE event_id = p_event FOR UPDATE;
  v_result := idempotency_claim_v1(p_user, p_key, p_route, p_hash, p_refund);
  IF v_result IS NOT NULL THEN RETURN v_result; END IF;
  SELECT array_agg(i.id ORDER BY i.id) FILTER (WHERE i.status = 'confirmed'),
         count(*) FILTER (WHERE i.status IN ('cancelling', 'cancelled')),
         count(*) FILTER (WHERE i.status = 'confirmed' AND o.amount IS NULL),
         sum(o.amount) FILTER (WHERE i.status = 'confirmed')
  INTO v_items, v_gone, v_unknown, v_amount
  FROM booking_item i LEFT JOIN unnest(p_offered, p_amounts) AS o (id, amount) ON o.id = i.id
  WHERE i.event_id = p_event AND i.booking_id = p_booking AND (p_items IS NULL OR i.id = ANY (p_items));
  IF v_items IS NULL AND v_gone > 0 AND v_gone = coalesce(array_length(p_items, 1), v_gone) THEN
    RETURN jsonb_build_object('outcome', 'ok');
  END IF;
  IF v_unknown > 0 OR coalesce(array_length(v_items, 1), 0) + v_gone < array_length(p_items, 1) THEN
    v_result := jsonb_build_object('outcome', 'items_not_confirmed');
  ELSIF v_items IS NULL THEN
    v_result := jsonb_build_object('outcome', 'not_confirmed');
  ELSE
    v_result := jsonb_build_object('outcome',
      CASE p_cause WHEN 'buyer' THEN tickets_take_v1(p_event, p_booking, v_items, p_user) ELSE 'ok' END);
  END IF;
  IF v_result ->> 'outcome' = 'ok' THEN
    v_result := cancellation_start_v1(p_event, p_booking, v_items, v_amount, p_cause, p_refund, p_saga, p_lease,
                                      p_seconds, p_user, p_since, p_correlation);
  END IF;
  IF v_result ->> 'outcome' <> 'ok' THEN DELETE FROM idempotency_key WHERE user_id = p_user AND key = p_key; END IF;
  RETURN v_result;
END $$;

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

-- An operator tries again what was refused. Under a new key, because providers repeat their refusal under the old one.
CREATE FUNCTION refund_reopen_v1(p_saga uuid, p_lease uuid, p_refund uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM saga_guard_v1(p_saga, p_lease);
  UPDATE refund SET status = 'created', failure = NULL, version = version + 1, updated_at = clock_timestamp(),
                    idempotency_key = 'ref_' || id || '_' || version + 1
  WHERE id = p_refund AND status = 'refused';
END $$;

-- An operator has paid the money back by another way, or decided that none is owed; the saga goes on and frees the seats.
CREATE FUNCTION refund_settle_v1(p_refund uuid, p_how text, p_note text, p_actor uuid, p_correlation text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  r refund;
BEGIN
  -- The saga before the refund, as cancel_finish_v1 does.
  PERFORM FROM saga WHERE id = (SELECT saga_id FROM refund WHERE id = p_refund) AND state = 'stuck' FOR UPDATE;
  IF NOT FOUND THEN
    RETURN jsonb_build_object('outcome', CASE WHEN EXISTS (SELECT FROM refund WHERE id = p_refund)
                                              THEN 'refund_not_stuck' ELSE 'not_found' END);
  END IF;
  UPDATE refund SET settled = p_how, settled_by = p_actor, settled_note = p_note, version = version + 1,
                    amount = CASE p_how WHEN 'not_owed' THEN 0 ELSE amount END, updated_at = clock_timestamp()
  WHERE id = p_refund RETURNING * INTO r;
  INSERT INTO fact (event_id, stream, stream_id, version, type, data, actor, correlation_id)
  VALUES (r.event_id, 'refund', r.id, r.version, 'refund.settled',
          jsonb_build_object('bookingId', r.booking_id, 'amount', r.amount, 'currency', r.currency, 'how', p_how),
          p_actor, p_correlation);
  PERFORM saga_retry_v1(r.saga_id);
  RETURN jsonb_build_object('outcome', 'ok', 'saga', r.saga_id);
END $$;`;
