-- Tickets, payments and keys depend on it.
CREATE FUNCTION event_sandbox_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'whether an event is a sandbox event never changes' USING ERRCODE = 'restrict_violation'; END $$;

CREATE TRIGGER event_sandbox_stays BEFORE UPDATE ON event
  FOR EACH ROW WHEN (OLD.sandbox <> NEW.sandbox) EXECUTE FUNCTION event_sandbox_stays();
