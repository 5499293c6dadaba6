-- A stuck one goes on where it was; one that pauses goes on now. False when it is at its end.
CREATE FUNCTION saga_retry_v1(p_id uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE saga SET attempts = 0, updated_at = clock_timestamp(), woken = true,
    due_at = CASE WHEN lease IS NULL THEN clock_timestamp() ELSE due_at END, backwards = false,
    state = CASE WHEN state <> 'stuck' THEN state WHEN backwards THEN 'compensating' ELSE 'running' END
  WHERE id = p_id AND state IN ('running', 'compensating', 'stuck');
  RETURN FOUND;
END $$;
