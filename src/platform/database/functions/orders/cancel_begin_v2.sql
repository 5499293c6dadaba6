-- For all items or some; those on their way out before are left alone. p_offered: what was offered for each item of
-- the booking when the terms were read.
CREATE FUNCTION cancel_begin_v2(p_event uuid, p_booking uuid, p_items uuid[], p_offered uuid[], p_amounts bigint[],
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
      tickets_take_v2(p_event, p_booking, v_items, CASE p_cause WHEN 'buyer' THEN p_user END));
  END IF;
  IF v_result ->> 'outcome' = 'ok' THEN
    v_result := cancellation_start_v1(p_event, p_booking, v_items, v_amount, p_cause, p_refund, p_saga, p_lease,
                                      p_seconds, p_user, p_since, p_correlation);
  END IF;
  IF v_result ->> 'outcome' <> 'ok' THEN DELETE FROM idempotency_key WHERE user_id = p_user AND key = p_key; END IF;
  RETURN v_result;
END $$;
