-- A statement on the parent does not call the triggers of its partitions, nor the other way round.
CREATE FUNCTION fact_guard_v1(p_table text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER fact_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
                  FOR EACH STATEMENT EXECUTE FUNCTION fact_is_append_only()', p_table);
END $$;
