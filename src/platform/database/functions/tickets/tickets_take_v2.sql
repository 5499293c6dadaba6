-- Looked at before, but a ticket may have been handed on or let in since, or just be. The rows that are taken here are those
-- that gates and transfers lock. A transfer is a transaction of several round trips, which the feed row must not wait for.
-- p_holder: who must hold the tickets, if it matters.
CREATE FUNCTION tickets_take_v2(p_event uuid, p_booking uuid, p_items uuid[], p_holder uuid) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  v_all int;
  v_taken int;
  v_gone int;
  v_used int;
BEGIN
  SELECT count(*) INTO v_all FROM ticket
  WHERE event_id = p_event AND booking_id = p_booking AND item_id = ANY (p_items);
  SELECT count(*), count(*) FILTER (WHERE holder_id <> p_holder), count(checked_in_at) INTO v_taken, v_gone, v_used FROM (
    SELECT holder_id, checked_in_at FROM ticket
    WHERE event_id = p_event AND booking_id = p_booking AND item_id = ANY (p_items) FOR UPDATE SKIP LOCKED) taken;
  RETURN CASE WHEN v_gone > 0 THEN 'ticket_transferred' WHEN v_used > 0 THEN 'ticket_used'
              WHEN v_taken < v_all THEN 'ticket_in_use' ELSE 'ok' END;
END $$;
