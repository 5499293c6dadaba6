-- Ends bookings whose time is over; the caller holds the feed row and writes the feed row. p_keep as in items_move_v1.
CREATE FUNCTION bookings_expire_v1(p_event uuid, p_bookings uuid[], p_now timestamptz, p_keep timestamptz,
                                   OUT seats int[], OUT areas int[])
LANGUAGE plpgsql AS $$
DECLARE
  v_ended uuid[];
  v_entries uuid[];
BEGIN
  WITH ended AS (
    UPDATE booking SET status = 'expired', version = version + 1
    WHERE event_id = p_event AND id = ANY (p_bookings) AND status IN ('held', 'paying') AND expires_at <= p_now
    RETURNING id, version, entry_id
  ), told AS (
    INSERT INTO fact (event_id, stream, stream_id, version, type, data)
    SELECT p_event, 'booking', id, version, 'booking.expired', '{}' FROM ended ORDER BY id
  )
  SELECT array_agg(id), array_agg(entry_id) FILTER (WHERE entry_id IS NOT NULL) INTO v_ended, v_entries FROM ended;
  IF v_entries IS NOT NULL THEN PERFORM offers_end_v1(p_event, v_entries, 'expired', NULL, NULL); END IF;
  SELECT m.seats, m.areas INTO seats, areas
  FROM items_move_v1(p_event, v_ended, NULL, 'held', 'expired', :SEAT_FREE::smallint, p_keep) m;
END $$;
