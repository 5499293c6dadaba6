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
