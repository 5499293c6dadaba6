-- The policy that was agreed when a booking was made can be found by its time, so that holds need not copy it.
CREATE FUNCTION refund_policy_passes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO past_refund_policy (event_id, until, policy) VALUES (OLD.id, clock_timestamp(), OLD.refund_policy);
  RETURN NULL;
END $$;

-- Triggers go by their names: this one reads the clock when inventory_follows_event has locked the feed row.
CREATE TRIGGER refund_policy_passes AFTER UPDATE OF refund_policy ON event FOR EACH ROW
  WHEN (OLD.status <> 'draft' AND OLD.refund_policy <> NEW.refund_policy) EXECUTE FUNCTION refund_policy_passes();
