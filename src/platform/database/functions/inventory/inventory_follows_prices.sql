CREATE FUNCTION inventory_follows_prices() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed uuid;
BEGIN
  FOR changed IN SELECT DISTINCT event_id FROM touched ORDER BY event_id LOOP
    UPDATE inventory SET seq = seq + 1, price_version = price_version + 1 WHERE event_id = changed;
    PERFORM inventory_price_v1(changed);
    INSERT INTO seat_feed (event_id, seq, changes, areas, price_version, at)
    SELECT event_id, seq, '{}', '{}', price_version, clock_timestamp() FROM inventory WHERE event_id = changed;
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER inventory_follows_new_prices AFTER INSERT ON price_tier
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION inventory_follows_prices();
CREATE TRIGGER inventory_follows_changed_prices AFTER UPDATE ON price_tier
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION inventory_follows_prices();
CREATE TRIGGER inventory_follows_removed_prices AFTER DELETE ON price_tier
  REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION inventory_follows_prices();
