-- The feed row carries what a claim checks; a change of event or prices takes its lock, in the same transaction.
CREATE FUNCTION inventory_follows_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE inventory SET
    status = NEW.status,
    sale_from = coalesce(NEW.sale_starts_at, '-infinity'),
    sale_until = coalesce(NEW.sale_ends_at, NEW.ends_at),
    ends_at = NEW.ends_at,
    max_per_booking = NEW.max_seats_per_booking,
    max_per_buyer = NEW.max_seats_per_buyer,
    hold_seconds = NEW.hold_seconds
  WHERE event_id = NEW.id;
  RETURN NULL;
END $$;

CREATE TRIGGER inventory_follows_event AFTER UPDATE ON event
  FOR EACH ROW EXECUTE FUNCTION inventory_follows_event();
