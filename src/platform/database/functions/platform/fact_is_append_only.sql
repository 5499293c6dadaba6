CREATE FUNCTION fact_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'facts are append-only' USING ERRCODE = 'restrict_violation'; END $$;
