-- Makes the partition of the quarter that begins then; false when it is there, or when the guard has rows of that quarter.
CREATE FUNCTION partition_make_v1(p_table text, p_key text, p_quarter timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  v_name text := p_table || to_char(p_quarter AT TIME ZONE 'UTC', '_YYYY"q"Q');
  v_from uuid := uuid_at_v1(p_quarter);
  v_to uuid := uuid_at_v1(partition_next_v1(p_quarter));
  v_late boolean;
BEGIN
  IF to_regclass(v_name) IS NOT NULL THEN RETURN false; END IF;
  EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I >= $1 AND %I < $2)', p_table || '_other', p_key, p_key)
    INTO v_late USING v_from, v_to;
  IF v_late THEN RETURN false; END IF;
  -- Attached and not made in place, which would lock the whole table against its readers.
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', v_name, p_table);
  IF p_table = 'fact' THEN PERFORM fact_guard_v1(v_name); END IF;
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', p_table, v_name, v_from, v_to);
  RETURN true;
END $$;
