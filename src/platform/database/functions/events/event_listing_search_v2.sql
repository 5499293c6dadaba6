-- For every writer of an entry: also the trigger of venues, and replicas of the release before, which fill in what they know.
CREATE FUNCTION event_listing_search_v2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search := (SELECT event_search_v2(e.title, concat_ws(' ', e.category, v.name, v.city), e.description)
                   FROM event e JOIN venue v ON v.id = e.venue_id WHERE e.id = NEW.event_id);
  RETURN NEW;
END $$;

CREATE TRIGGER event_listing_search_v2 BEFORE INSERT OR UPDATE OF search ON event_listing
  FOR EACH ROW EXECUTE FUNCTION event_listing_search_v2();
