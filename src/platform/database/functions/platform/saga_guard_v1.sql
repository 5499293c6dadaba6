-- For functions that carry out a step: whoever lost the lease changes nothing.
CREATE FUNCTION saga_guard_v1(p_id uuid, p_lease uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM saga WHERE id = p_id AND lease = p_lease FOR SHARE;
  IF NOT FOUND THEN RAISE EXCEPTION 'saga % is led by somebody else', p_id USING ERRCODE = 'EV001'; END IF;
END $$;
