-- Ends up to p_limit overdue bookings of an event, sooner than the next buyer would.
CREATE FUNCTION inventory_sweep_v1(p_event uuid, p_since bigint, p_limit int) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_seq bigint;
  v_waiting int;
  v_now timestamptz;
  v_due uuid[];
  v_seats int[];
  v_areas int[];
BEGIN
  SELECT seq, waiting INTO v_seq, v_waiting FROM inventory WHERE event_id = p_event FOR UPDATE;
  v_now := clock_timestamp();
  SELECT array_agg(id) INTO v_due FROM (
    SELECT id FROM booking WHERE event_id = p_event AND status IN ('held', 'paying') AND expires_at <= v_now
    ORDER BY expires_at LIMIT p_limit) due;
  IF v_due IS NOT NULL THEN
    SELECT e.seats, e.areas INTO v_seats, v_areas
    FROM bookings_expire_v1(p_event, v_due, v_now, kept_until_v1(v_waiting, v_now)) e;
    v_seq := feed_append_v1(p_event, v_seats, v_areas, v_now);
  END IF;
  RETURN jsonb_build_object('outcome', 'ok', 'ended', coalesce(array_length(v_due, 1), 0), 'seq', v_seq,
                            'rows', feed_since_v1(p_event, p_since, v_seq));
END $$;
