/** Building blocks: what is kept for those who wait, and entries that leave the line. The caller holds the feed row. */
export const keptFunctions = `
-- Takes up to so many places out of those kept in an area, the oldest first; returns how many. The area's counter is the
-- caller's to change.
CREATE FUNCTION area_kept_take_v1(p_event uuid, p_area smallint, p_quantity int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  k area_kept;
  v_left int := p_quantity;
BEGIN
  FOR k IN SELECT * FROM area_kept WHERE event_id = p_event AND area = p_area ORDER BY until LOOP
    EXIT WHEN v_left = 0;
    IF k.quantity <= v_left THEN
      DELETE FROM area_kept WHERE event_id = p_event AND area = p_area AND until = k.until;
    ELSE
      UPDATE area_kept SET quantity = quantity - v_left WHERE event_id = p_event AND area = p_area AND until = k.until;
    END IF;
    v_left := v_left - least(k.quantity, v_left);
  END LOOP;
  RETURN p_quantity - v_left;
END $$;

-- Frees all that is kept. Reads every seat of the event, because an index on kept seats would make each claim dearer.
CREATE FUNCTION kept_end_v1(p_event uuid, OUT seats int[], OUT areas int[]) LANGUAGE plpgsql AS $$
BEGIN
  WITH freed AS (
    UPDATE seat SET state = 0, hold_until = NULL WHERE event_id = p_event AND state = 1 AND booking_id IS NULL RETURNING n
  )
  SELECT coalesce(array_agg(n), '{}') INTO seats FROM freed;
  areas := area_kept_end_v1(p_event, 'infinity');
END $$;

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

-- Seats and places that count towards what one buyer may have.
CREATE FUNCTION buyer_items_v1(p_event uuid, p_user uuid, p_now timestamptz) RETURNS int LANGUAGE sql STABLE AS $$
  SELECT count(*)::int FROM booking b JOIN booking_item i ON i.event_id = b.event_id AND i.booking_id = b.id
  WHERE b.user_id = p_user AND b.event_id = p_event AND i.status IN ('held', 'confirmed', 'cancelling')
    AND NOT (b.status IN ('held', 'paying') AND b.expires_at <= p_now)
$$;

-- Offers that were taken up, refused or missed.
CREATE FUNCTION offers_end_v1(p_event uuid, p_entries uuid[], p_state text, p_actor uuid, p_correlation text) RETURNS void
LANGUAGE sql AS $$
  WITH ended AS (
    UPDATE waitlist_entry SET state = p_state, version = version + 1
    WHERE event_id = p_event AND id = ANY (p_entries) AND state = 'offered'
    RETURNING id, version, user_id
  )
  INSERT INTO fact (event_id, stream, stream_id, version, type, data, actor, correlation_id)
  SELECT p_event, 'waitlist', id, version, 'waitlist.' || p_state, jsonb_build_object('userId', user_id), p_actor, p_correlation
  FROM ended ORDER BY id
$$;`;
