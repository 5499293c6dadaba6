-- The feed row carries what a claim checks; a change of event or prices takes its lock, in the same transaction.
CREATE FUNCTION inventory_follows_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE inventory SET
    status = NEW.status,
    -- A paused sale begins at no time known yet: so it is also for replicas of a release without pauses.
    sale_from = CASE WHEN NEW.sale_paused_at IS NULL THEN coalesce(NEW.sale_starts_at, '-infinity') ELSE 'infinity' END,
    sale_until = coalesce(NEW.sale_ends_at, NEW.ends_at),
    ends_at = NEW.ends_at,
    max_per_booking = NEW.max_seats_per_booking,
    max_per_buyer = NEW.max_seats_per_buyer,
    hold_seconds = NEW.hold_seconds
  WHERE event_id = NEW.id;
  -- Whoever watches the seats asks anew for the sale, as for prices.
  IF OLD.status <> 'draft' AND (OLD.status, OLD.sale_starts_at, OLD.sale_ends_at, OLD.starts_at, OLD.ends_at,
                               OLD.sale_paused_at, OLD.sale_pause_reason)
     IS DISTINCT FROM (NEW.status, NEW.sale_starts_at, NEW.sale_ends_at, NEW.starts_at, NEW.ends_at,
                       NEW.sale_paused_at, NEW.sale_pause_reason) THEN
    UPDATE inventory SET seq = seq + 1, price_version = price_version + 1 WHERE event_id = NEW.id;
    INSERT INTO seat_feed (event_id, seq, changes, areas, price_version, at)
    SELECT event_id, seq, '{}', '{}', price_version, clock_timestamp() FROM inventory WHERE event_id = NEW.id;
  END IF;
  IF OLD.sale_paused_at IS NOT NULL AND NEW.sale_paused_at IS NULL THEN
    PERFORM kept_renew_v1(NEW.id);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER inventory_follows_event AFTER UPDATE ON event
  FOR EACH ROW EXECUTE FUNCTION inventory_follows_event();
