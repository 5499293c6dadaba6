CREATE FUNCTION act_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'acts are append-only' USING ERRCODE = 'restrict_violation'; END $$;
