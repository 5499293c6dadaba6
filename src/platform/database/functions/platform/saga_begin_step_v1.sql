CREATE FUNCTION saga_begin_step_v1(p_saga uuid, p_step smallint, p_undo boolean, p_name text) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO saga_step AS s (saga_id, step, undo, name) VALUES (p_saga, p_step, p_undo, p_name)
  ON CONFLICT (saga_id, step, undo) DO UPDATE SET attempts = s.attempts + 1, outcome = NULL, ended_at = NULL
$$;
