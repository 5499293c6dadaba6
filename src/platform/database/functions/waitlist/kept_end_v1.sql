-- Frees all that is kept. Reads every seat of the event, because an index on kept seats would make each claim dearer.
CREATE FUNCTION kept_end_v1(p_event uuid, OUT seats int[], OUT areas int[]) LANGUAGE plpgsql AS $$
BEGIN
  WITH freed AS (
    UPDATE seat SET state = :SEAT_FREE, hold_until = NULL WHERE event_id = p_event AND state = :SEAT_HELD AND booking_id IS NULL RETURNING n
  )
  SELECT coalesce(array_agg(n), '{}') INTO seats FROM freed;
  areas := area_kept_end_v1(p_event, 'infinity');
END $$;
