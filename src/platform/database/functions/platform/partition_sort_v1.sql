-- For operators, after nobody made partitions for long: moves what came to the default partition into those of its
-- quarters; returns how many rows. Locks the table against everybody meanwhile.
CREATE FUNCTION partition_sort_v1(p_table text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  v_key text := CASE p_table WHEN 'fact' THEN 'stream_id' ELSE 'event_id' END;
  v_other text := p_table || '_other';
  v_left text := p_table || '_left';
  v_quarter timestamptz;
  v_moved bigint;
BEGIN
  EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', p_table, v_other);
  EXECUTE format('ALTER TABLE %I RENAME TO %I', v_other, v_left);
  EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', v_other, p_table);
  IF p_table = 'fact' THEN PERFORM fact_guard_v1(v_other); END IF;
  FOR v_quarter IN EXECUTE format(
    $q$SELECT DISTINCT date_trunc('quarter', uuid_extract_timestamp(%I) AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
       FROM %I WHERE uuid_extract_timestamp(%I) < clock_timestamp() + interval '1 year'$q$, v_key, v_left, v_key)
  LOOP
    PERFORM partition_make_v1(p_table, v_key, v_quarter);
  END LOOP;
  EXECUTE format('INSERT INTO %I OVERRIDING SYSTEM VALUE SELECT * FROM %I', p_table, v_left);
  GET DIAGNOSTICS v_moved = ROW_COUNT;
  EXECUTE format('DROP TABLE %I', v_left);
  RETURN v_moved;
END $$;
