-- At most what is left of the payment, refunds under way counted; a later cancellation pays back what is left then.
CREATE FUNCTION goodwill_begin_v1(p_payment uuid, p_amount bigint, p_refund uuid, p_saga uuid, p_lease uuid,
  p_seconds double precision, p_actor uuid, p_key text, p_route text, p_hash bytea, p_correlation text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  p payment;
  v_left bigint;
  v_result jsonb;
BEGIN
  PERFORM FROM inventory WHERE event_id = (SELECT event_id FROM payment WHERE id = p_payment) FOR UPDATE;
  v_result := idempotency_claim_v1(p_actor, p_key, p_route, p_hash, p_refund);
  IF v_result IS NOT NULL THEN RETURN v_result; END IF;
  SELECT * INTO p FROM payment WHERE id = p_payment FOR UPDATE;
  v_left := CASE p.status WHEN 'captured'
    THEN p.amount - coalesce((SELECT sum(amount) FROM refund WHERE payment_id = p_payment), 0) ELSE 0 END;
  IF p_amount > v_left THEN
    DELETE FROM idempotency_key WHERE user_id = p_actor AND key = p_key;
    RETURN jsonb_build_object('outcome', 'refund_exceeds_payment', 'left', v_left);
  END IF;
  PERFORM saga_start_v1(p_saga, 'cancellation', p.booking_id, p.event_id, jsonb_build_object('refundId', p_refund), NULL,
                        p_lease, p_seconds, p_actor, p_correlation, 'refund');
  INSERT INTO refund (id, payment_id, event_id, booking_id, amount, price, currency, items, cause, saga_id,
                      idempotency_key)
  VALUES (p_refund, p_payment, p.event_id, p.booking_id, p_amount, 0, p.currency, '{}', 'goodwill', p_saga,
          'ref_' || p_refund);
  RETURN jsonb_build_object('outcome', 'ok', 'subject', p_refund);
END $$;
