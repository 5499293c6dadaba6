CREATE FUNCTION ticket_handed_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ticket_past_code (event_id, code, ticket_id, generation)
  VALUES (OLD.event_id, OLD.code, OLD.id, OLD.generation);
  LOOP
    NEW.code := ticket_code_v1();
    EXIT WHEN NOT EXISTS (SELECT FROM ticket_past_code WHERE event_id = NEW.event_id AND code = NEW.code)
          AND NOT EXISTS (SELECT FROM ticket WHERE event_id = NEW.event_id AND code = NEW.code);
  END LOOP;
  RETURN NEW;
END $$;

CREATE TRIGGER ticket_handed_on BEFORE UPDATE OF generation ON ticket FOR EACH ROW
  WHEN (NEW.generation <> OLD.generation) EXECUTE FUNCTION ticket_handed_on();
