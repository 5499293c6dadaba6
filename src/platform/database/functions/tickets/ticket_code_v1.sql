-- As newCode() of the application: two bytes for each letter, so that none comes more often than others.
CREATE FUNCTION ticket_code_v1() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  c_letters CONSTANT text := '23456789BCDFGHJKLMNPQRSTVWXZ';
  v_bytes bytea := sha256(uuid_send(gen_random_uuid()));
  v_code text := '';
BEGIN
  FOR i IN 0..7 LOOP
    v_code := v_code || CASE i WHEN 4 THEN '-' ELSE '' END
      || substr(c_letters, 1 + (get_byte(v_bytes, 2 * i) * 256 + get_byte(v_bytes, 2 * i + 1)) % 28, 1);
  END LOOP;
  RETURN v_code;
END $$;
