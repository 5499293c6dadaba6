-- Counts entries that wait no longer; with the last of them all that was kept is free. Writes the feed row if need be.
CREATE FUNCTION entries_stop_waiting_v1(p_event uuid, p_count int, p_seats int[], p_areas int[], p_now timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  v_seq bigint;
  v_waiting int;
  v_seats int[] := p_seats;
  v_areas int[] := p_areas;
BEGIN
  UPDATE inventory SET waiting = waiting - p_count WHERE event_id = p_event RETURNING seq, waiting INTO v_seq, v_waiting;
  IF v_waiting = 0 AND p_count > 0 THEN
    SELECT v_seats || k.seats, v_areas || k.areas INTO v_seats, v_areas FROM kept_end_v1(p_event) k;
  END IF;
  IF v_seats <> '{}' OR v_areas <> '{}' THEN v_seq := feed_append_v1(p_event, v_seats, v_areas, p_now); END IF;
  RETURN v_seq;
END $$;
