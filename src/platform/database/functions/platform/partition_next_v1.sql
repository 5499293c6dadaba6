-- The beginning of the quarter after the one of a moment.
CREATE FUNCTION partition_next_v1(p_at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
  SELECT (date_trunc('quarter', p_at AT TIME ZONE 'UTC') + interval '3 months') AT TIME ZONE 'UTC'
$$;
