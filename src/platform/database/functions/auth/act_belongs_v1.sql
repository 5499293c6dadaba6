-- Event and organisation that an act is about, by the id in its path, looked up where most acts are found first. For what is only
-- made by the act the writer names the organisation.
CREATE FUNCTION act_belongs_v1() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  owner uuid;
BEGIN
  IF NEW.target IS NULL THEN RETURN NEW; END IF;
  SELECT e.id, e.organizer_id INTO NEW.event_id, owner FROM event e WHERE e.id = NEW.target;
  IF NOT FOUND THEN
    SELECT coalesce(
      (SELECT o.id FROM organisation o WHERE o.id = NEW.target AND NEW.action ~ ' /organisations/'),
      (SELECT v.organizer_id FROM venue v WHERE v.id = NEW.target),
      (SELECT w.organizer_id FROM webhook w WHERE w.id = NEW.target)) INTO owner;
    IF owner IS NULL THEN
      SELECT e.id, e.organizer_id INTO NEW.event_id, owner FROM event e
       WHERE e.id = coalesce(
         (SELECT b.event_id FROM booking b WHERE b.id = NEW.target),
         (SELECT p.event_id FROM payment p WHERE p.id = NEW.target),
         (SELECT r.event_id FROM refund r WHERE r.id = NEW.target),
         (SELECT s.event_id FROM saga s WHERE s.id = NEW.target));
    END IF;
  END IF;
  NEW.organisation_id := coalesce(owner, NEW.organisation_id);
  RETURN NEW;
END $$;

CREATE TRIGGER act_belongs BEFORE INSERT ON act FOR EACH ROW EXECUTE FUNCTION act_belongs_v1();
