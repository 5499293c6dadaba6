-- Moves the live items of bookings to another state and seats and places with them; the caller holds the feed row.
-- p_seat: the state the seats get; with p_keep what is freed is kept until then instead.
-- Returns the seats and areas touched.
CREATE FUNCTION items_move_v1(p_event uuid, p_bookings uuid[], p_items uuid[], p_from text, p_to text, p_seat smallint,
                              p_keep timestamptz, OUT seats int[], OUT areas int[]) LANGUAGE plpgsql AS $$
DECLARE
  v_places smallint[];
BEGIN
  WITH moved AS (
    UPDATE booking_item SET status = p_to
    WHERE event_id = p_event AND booking_id = ANY (p_bookings) AND status = p_from
      AND (p_items IS NULL OR id = ANY (p_items))
    RETURNING n, area
  ), places AS (
    SELECT area, count(*)::int AS quantity FROM moved WHERE area IS NOT NULL GROUP BY area
  ), counted AS (
    UPDATE area a SET
      held = a.held - CASE WHEN p_from = 'held' AND p_to <> 'held' THEN p.quantity ELSE 0 END
                    + CASE WHEN p_keep IS NULL THEN 0 ELSE p.quantity END,
      booked = a.booked + CASE WHEN p_to = 'confirmed' AND p_from = 'held' THEN p.quantity
                               WHEN p_to = 'cancelled' THEN -p.quantity ELSE 0 END
    FROM places p WHERE a.event_id = p_event AND a.area = p.area
    RETURNING a.area
  )
  SELECT (SELECT array_agg(n) FROM moved WHERE n IS NOT NULL), (SELECT array_agg(area) FROM counted),
         (SELECT array_agg(area) FROM moved WHERE area IS NOT NULL)
  INTO seats, areas, v_places;
  seats := coalesce(seats, '{}');
  areas := coalesce(areas, '{}');
  IF p_keep IS NOT NULL AND v_places IS NOT NULL THEN
    INSERT INTO area_kept AS k (event_id, area, until, quantity)
    SELECT p_event, area, p_keep, count(*) FROM unnest(v_places) AS area GROUP BY area
    ON CONFLICT (event_id, area, until) DO UPDATE SET quantity = k.quantity + excluded.quantity;
  END IF;
  UPDATE seat s SET state = CASE WHEN p_keep IS NULL THEN p_seat ELSE :SEAT_HELD END, hold_until = p_keep,
                    booking_id = CASE WHEN p_seat = :SEAT_FREE THEN NULL ELSE s.booking_id END
  WHERE s.event_id = p_event AND s.n = ANY (seats);
END $$;
