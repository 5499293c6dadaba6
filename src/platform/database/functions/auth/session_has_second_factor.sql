-- A replica of the release before knows no second factor: it must not let anybody in who has one.
CREATE FUNCTION session_has_second_factor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM second_factor WHERE user_id = NEW.user_id AND confirmed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'this account logs in with a second factor';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER session_has_second_factor BEFORE INSERT ON session
  FOR EACH ROW WHEN (NEW.methods = '{}') EXECUTE FUNCTION session_has_second_factor();
