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
END $$;
