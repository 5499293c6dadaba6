-- Looked at before, but a ticket may have been handed on since, or just be changing hands. That is a transaction of
-- several round trips, which the feed row must not wait for.
CREATE FUNCTION tickets_take_v1(p_event uuid, p_booking uuid, p_items uuid[], p_user uuid) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  v_all int;
  v_free int;
  v_gone int;
BEGIN
  SELECT count(*) INTO v_all FROM ticket
  WHERE event_id = p_event AND booking_id = p_booking AND item_id = ANY (p_items);
  SELECT count(*), count(*) FILTER (WHERE holder_id <> p_user) INTO v_free, v_gone FROM (
    SELECT holder_id FROM ticket
    WHERE event_id = p_event AND booking_id = p_booking AND item_id = ANY (p_items) FOR UPDATE SKIP LOCKED) taken;
  RETURN CASE WHEN v_gone > 0 THEN 'ticket_transferred' WHEN v_free < v_all THEN 'ticket_in_use' ELSE 'ok' END;
END $$;
