-- Writes the one feed row of a change from the states that the change has left.
CREATE FUNCTION feed_append_v1(p_event uuid, p_seats int[], p_areas int[], p_now timestamptz) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  v_seq bigint;
  v_price int;
BEGIN
  UPDATE inventory SET seq = seq + 1 WHERE event_id = p_event RETURNING seq, price_version INTO v_seq, v_price;
  INSERT INTO seat_feed (event_id, seq, changes, areas, hold_until, kept, kept_until, price_version, at)
  SELECT p_event, v_seq, coalesce(s.changes, '{}'),
    coalesce((SELECT array_agg(v ORDER BY area, k)
              FROM area, LATERAL (VALUES (1, area::int), (2, held), (3, booked)) AS t (k, v)
              WHERE event_id = p_event AND area = ANY (p_areas)), '{}'),
    s.hold_until, coalesce(s.kept, '{}'), s.kept_until, v_price, p_now
  FROM (
    SELECT array_agg(n * 4 + state ORDER BY n) AS changes,
      max(hold_until) FILTER (WHERE booking_id IS NOT NULL) AS hold_until,
      array_agg(n ORDER BY n) FILTER (WHERE state = :SEAT_HELD AND booking_id IS NULL) AS kept,
      max(hold_until) FILTER (WHERE booking_id IS NULL) AS kept_until
    FROM seat WHERE event_id = p_event AND n = ANY (p_seats)) s;
  RETURN v_seq;
END $$;
