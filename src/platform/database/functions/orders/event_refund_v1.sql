-- Begins a cancellation, with all its money back, for as many sold bookings after p_after as there are ids for sagas and
-- refunds. ended: how many; last: where the next piece begins.
CREATE FUNCTION event_refund_v1(p_saga uuid, p_lease uuid, p_event uuid, p_after uuid, p_refunds uuid[], p_sagas uuid[],
                                p_actor uuid, p_since bigint, p_correlation text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_booking record;
  v_result jsonb := '{"outcome": "ok"}';
  v_last uuid;
  v_ended int := 0;
BEGIN
  PERFORM FROM inventory WHERE event_id = p_event FOR UPDATE;
  PERFORM saga_guard_v1(p_saga, p_lease);
  FOR v_booking IN
    SELECT * FROM (
      SELECT next.*, sum(array_length(items, 1)) OVER (ORDER BY next.id) AS seats, row_number() OVER (ORDER BY next.id) AS no
      FROM (
        SELECT b.id, i.items, i.price
        FROM booking b, LATERAL (
          SELECT array_agg(id ORDER BY id) AS items, sum(price) AS price FROM booking_item
          WHERE event_id = p_event AND booking_id = b.id AND status = 'confirmed') i
        WHERE b.event_id = p_event AND b.status = 'confirmed' AND (p_after IS NULL OR b.id > p_after)
        ORDER BY b.id LIMIT array_length(p_refunds, 1)) next
    ) piece WHERE no = 1 OR seats <= 1000 ORDER BY id
  LOOP
    v_result := cancellation_start_v1(p_event, v_booking.id, v_booking.items, v_booking.price::bigint, 'event',
      p_refunds[v_booking.no], p_sagas[v_booking.no], NULL, 0, p_actor, p_since, p_correlation);
    IF v_result ->> 'outcome' <> 'ok' THEN RETURN v_result; END IF;
    v_ended := v_booking.no;
    v_last := v_booking.id;
  END LOOP;
  RETURN v_result || jsonb_build_object('ended', v_ended, 'last', v_last);
END $$;
