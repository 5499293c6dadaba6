-- A venue that is renamed or moves is found under its new name at once.
CREATE FUNCTION event_listing_follows_venue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE event_listing l
     SET venue_name = NEW.name, city = NEW.city, country = NEW.country,
         search = event_search(e.title, concat_ws(' ', e.category, NEW.name, NEW.city), e.description)
    FROM event e WHERE e.venue_id = NEW.id AND l.event_id = e.id;
  RETURN NULL;
END $$;

CREATE TRIGGER event_listing_follows_venue AFTER UPDATE ON venue FOR EACH ROW
  WHEN ((OLD.name, OLD.city, OLD.country) IS DISTINCT FROM (NEW.name, NEW.city, NEW.country))
  EXECUTE FUNCTION event_listing_follows_venue();
