-- For zones that a server does not know (one with a system's own, shorter list) or a replica of the release before let in:
-- sales that cannot be counted where they happen are counted in UTC, and nobody else's figures fail.
CREATE FUNCTION zone_or_utc_v1(zone text) RETURNS text LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
BEGIN
  PERFORM now() AT TIME ZONE zone;
  RETURN zone;
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN 'UTC';
END $$;
