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
