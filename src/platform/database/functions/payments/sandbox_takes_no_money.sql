-- A replica of the release before knows no sandbox events: its checkout fails here, before a provider is asked.
CREATE FUNCTION sandbox_takes_no_money() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM event WHERE id = NEW.event_id AND sandbox) THEN
    RAISE EXCEPTION 'payments of a sandbox event go to the sandbox' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER sandbox_takes_no_money BEFORE INSERT ON payment
  FOR EACH ROW WHEN (NEW.provider <> 'sandbox') EXECUTE FUNCTION sandbox_takes_no_money();
