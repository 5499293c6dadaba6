-- `extend` of booking_change_v1, but until the sale ends at most.
CREATE FUNCTION booking_extend_v1(p_event uuid, p_booking uuid, p_user uuid, p_since bigint, p_actor uuid, p_correlation text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_inv inventory;
  b booking;
  v_now timestamptz;
  v_until timestamptz;
  v_seq bigint;
  v_seats int[] := '{}';
  v_areas int[] := '{}';
BEGIN
  SELECT * INTO v_inv FROM inventory WHERE event_id = p_event FOR UPDATE;
  v_now := clock_timestamp();
  SELECT * INTO b FROM booking WHERE event_id = p_event AND id = p_booking AND (p_user IS NULL OR user_id = p_user) FOR UPDATE;
  IF NOT FOUND THEN RETURN jsonb_build_object('outcome', 'not_found'); END IF;
  v_seq := v_inv.seq;

  -- The first caller after the deadline ends the booking.
  IF b.status IN ('held', 'paying') AND b.expires_at <= v_now THEN
    SELECT e.seats, e.areas INTO v_seats, v_areas
    FROM bookings_expire_v1(p_event, ARRAY[p_booking], v_now, kept_until_v1(v_inv.waiting, v_now)) e;
    v_seq := feed_append_v1(p_event, v_seats, v_areas, v_now);
    RETURN jsonb_build_object('outcome', 'hold_expired', 'seq', v_seq, 'rows', feed_since_v1(p_event, p_since, v_seq));
  END IF;
  IF b.status = 'expired' THEN RETURN jsonb_build_object('outcome', 'hold_expired'); END IF;
  IF b.status <> 'held' THEN RETURN jsonb_build_object('outcome', 'not_held'); END IF;
  IF b.entry_id IS NOT NULL THEN RETURN jsonb_build_object('outcome', 'offer_not_accepted'); END IF;
  IF b.extended THEN RETURN jsonb_build_object('outcome', 'already_extended'); END IF;
  v_until := least(b.expires_at + make_interval(secs => v_inv.hold_seconds), v_inv.sale_until);
  IF v_until <= b.expires_at THEN RETURN jsonb_build_object('outcome', 'sale_closed'); END IF;

  WITH moved AS (
    UPDATE seat SET hold_until = v_until
    WHERE event_id = p_event
      AND n IN (SELECT n FROM booking_item WHERE event_id = p_event AND booking_id = p_booking AND status = 'held')
    RETURNING n
  ) SELECT coalesce(array_agg(n), '{}') INTO v_seats FROM moved;
  UPDATE booking SET expires_at = v_until, held_until = v_until, extended = true, version = b.version + 1
  WHERE event_id = p_event AND id = p_booking;
  INSERT INTO fact (event_id, stream, stream_id, version, type, data, actor, correlation_id)
  VALUES (p_event, 'booking', p_booking, b.version + 1, 'booking.extended', jsonb_build_object('expiresAt', v_until), p_actor,
          p_correlation);
  IF v_seats <> '{}' THEN v_seq := feed_append_v1(p_event, v_seats, v_areas, v_now); END IF;
  RETURN jsonb_build_object('outcome', 'ok', 'seq', v_seq, 'rows', feed_since_v1(p_event, p_since, v_seq));
END $$;
