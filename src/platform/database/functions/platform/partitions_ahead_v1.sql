-- Partitions of the coming quarters; returns how many were made. It rather fails than keeps a sale waiting for a lock.
CREATE FUNCTION partitions_ahead_v1(p_quarters int) RETURNS int LANGUAGE plpgsql SET lock_timeout = '200ms' AS $$
DECLARE
  v_quarter timestamptz := clock_timestamp();
  v_made int := 0;
BEGIN
  FOR i IN 1..p_quarters LOOP
    v_quarter := partition_next_v1(v_quarter);
    v_made := v_made + partition_make_v1('fact', 'stream_id', v_quarter)::int
                     + partition_make_v1('seat_feed', 'event_id', v_quarter)::int;
  END LOOP;
  RETURN v_made;
END $$;
