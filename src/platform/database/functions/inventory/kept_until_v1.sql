-- Until when what is freed now is kept for those who wait; null when nobody does.
CREATE FUNCTION kept_until_v1(p_waiting int, p_now timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN p_waiting > 0 THEN p_now + interval '60 s' END
$$;
