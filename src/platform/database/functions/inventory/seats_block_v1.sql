-- Takes free seats out of the sale, or brings blocked ones back. All or nothing, at most 1,000 a call.
CREATE FUNCTION seats_block_v1(p_event uuid, p_since bigint, p_seats int[], p_block boolean, p_actor uuid, p_correlation text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_seq bigint;
  v_waiting int;
  v_now timestamptz;
  v_lapsed_until timestamptz;
  v_keep timestamptz;
  v_found int;
  v_conflicts int[];
  v_lapsed uuid[];
  v_changed int[];
  v_seats int[] := '{}';
  v_areas int[] := '{}';
BEGIN
  SELECT seq, waiting INTO v_seq, v_waiting FROM inventory WHERE event_id = p_event FOR UPDATE;
  IF NOT FOUND THEN RETURN jsonb_build_object('outcome', 'event_not_on_sale'); END IF;
  v_now := clock_timestamp();
  v_lapsed_until := lapsed_until_v1(v_waiting, v_now);
  v_keep := kept_until_v1(v_waiting, v_now);
  SELECT count(*),
    array_agg(n ORDER BY n) FILTER (WHERE state <> :SEAT_BLOCKED AND NOT seat_open_v1(state, booking_id, hold_until, v_now, v_lapsed_until)),
    array_agg(DISTINCT booking_id) FILTER (WHERE p_block AND state = :SEAT_HELD AND booking_id IS NOT NULL AND hold_until <= v_lapsed_until),
    array_agg(n) FILTER (WHERE (state = :SEAT_BLOCKED) <> p_block)
  INTO v_found, v_conflicts, v_lapsed, v_changed
  FROM seat WHERE event_id = p_event AND n = ANY (p_seats);
  IF v_found < array_length(p_seats, 1) THEN RETURN jsonb_build_object('outcome', 'unknown_seats'); END IF;
  IF v_conflicts IS NOT NULL THEN
    RETURN jsonb_build_object('outcome', 'seats_not_blockable', 'conflicts', v_conflicts);
  END IF;
  IF v_changed IS NOT NULL THEN
    IF v_lapsed IS NOT NULL THEN
      SELECT e.seats, e.areas INTO v_seats, v_areas FROM bookings_expire_v1(p_event, v_lapsed, v_now, v_keep) e;
    END IF;
    UPDATE seat SET state = CASE WHEN p_block THEN :SEAT_BLOCKED WHEN v_keep IS NULL THEN :SEAT_FREE ELSE :SEAT_HELD END,
                    hold_until = CASE WHEN NOT p_block THEN v_keep END
    WHERE event_id = p_event AND n = ANY (v_changed);
    v_seq := feed_append_v1(p_event, v_seats || v_changed, v_areas, v_now);
    INSERT INTO fact (event_id, stream, stream_id, version, type, data, actor, correlation_id)
    SELECT p_event, 'inventory', p_event,
      1 + coalesce((SELECT max(version) FROM fact WHERE stream_id = p_event AND stream = 'inventory'), 0),
      CASE WHEN p_block THEN 'seats.blocked' ELSE 'seats.unblocked' END,
      jsonb_build_object('seats', v_changed), p_actor, p_correlation;
  END IF;
  RETURN jsonb_build_object('outcome', 'ok', 'changed', coalesce(array_length(v_changed, 1), 0), 'seq', v_seq,
                            'rows', feed_since_v1(p_event, p_since, v_seq));
END $$;
