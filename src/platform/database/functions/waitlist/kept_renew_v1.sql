-- The sale goes on after a pause: what was kept for the waitlist is kept for it as long as if it were freed now. The
-- caller holds the feed row. Memory keeps the earlier deadlines, so it may refuse too little, never too much.
CREATE FUNCTION kept_renew_v1(p_event uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_until timestamptz;
BEGIN
  SELECT kept_until_v1(waiting, clock_timestamp()) INTO v_until FROM inventory WHERE event_id = p_event;
  IF v_until IS NULL THEN RETURN; END IF;
  UPDATE seat SET hold_until = v_until WHERE event_id = p_event AND state = :SEAT_HELD AND booking_id IS NULL;
  WITH old AS (DELETE FROM area_kept WHERE event_id = p_event RETURNING area, quantity)
  INSERT INTO area_kept (event_id, area, until, quantity)
  SELECT p_event, area, v_until, sum(quantity) FROM old GROUP BY area;
END $$;
