-- Deadlines up to this one have passed for strangers: those who wait are a minute ahead of them.
CREATE FUNCTION lapsed_until_v1(p_waiting int, p_now timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN p_waiting > 0 THEN p_now - interval '60 s' ELSE p_now END
$$;
