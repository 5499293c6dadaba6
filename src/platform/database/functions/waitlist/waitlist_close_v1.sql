-- The sale is over: up to p_limit entries end with it. Returns how many as 'ended'. Offers end by their own deadlines.
CREATE FUNCTION waitlist_close_v1(p_event uuid, p_since bigint, p_limit int, p_correlation text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_inv inventory;
  v_now timestamptz;
  v_ended int;
  v_seq bigint;
BEGIN
  SELECT * INTO v_inv FROM inventory WHERE event_id = p_event FOR UPDATE;
  v_now := clock_timestamp();
  IF v_inv.status = 'published' AND v_now < least(v_inv.sale_until, v_inv.ends_at) THEN
    RETURN jsonb_build_object('outcome', 'ok', 'ended', 0);
  END IF;
  WITH ended AS (
    UPDATE waitlist_entry SET state = 'closed', collecting_until = NULL, version = version + 1
    WHERE event_id = p_event AND id IN (
      SELECT id FROM waitlist_entry WHERE event_id = p_event AND state = 'waiting' ORDER BY place LIMIT p_limit)
    RETURNING id, version, user_id
  ), told AS (
    INSERT INTO fact (event_id, stream, stream_id, version, type, data, correlation_id)
    SELECT p_event, 'waitlist', id, version, 'waitlist.closed', jsonb_build_object('userId', user_id), p_correlation FROM ended
  )
  SELECT count(*) INTO v_ended FROM ended;
  v_seq := entries_stop_waiting_v1(p_event, v_ended, '{}', '{}', v_now);
  RETURN jsonb_build_object('outcome', 'ok', 'ended', v_ended, 'seq', v_seq, 'rows', feed_since_v1(p_event, p_since, v_seq));
END $$;
