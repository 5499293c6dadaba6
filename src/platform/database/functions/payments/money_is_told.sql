-- Who acted and for which request: as the change of the booking in the same transaction says, else the fact before.
CREATE FUNCTION money_is_told() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_actor uuid;
  v_correlation text;
BEGIN
  SELECT actor, correlation_id INTO v_actor, v_correlation FROM fact
  WHERE stream_id = NEW.booking_id AND stream = 'booking' AND xid = pg_current_xact_id()
  ORDER BY version DESC LIMIT 1;
  IF v_correlation IS NULL THEN
    SELECT correlation_id INTO v_correlation FROM fact
    WHERE stream_id = NEW.id AND stream = TG_TABLE_NAME ORDER BY version DESC LIMIT 1;
  END IF;
  -- Goodwill changes no booking.
  IF TG_OP = 'INSERT' AND TG_TABLE_NAME = 'refund' AND v_correlation IS NULL THEN
    SELECT actor, correlation_id INTO v_actor, v_correlation FROM saga WHERE id = NEW.saga_id;
  END IF;
  INSERT INTO fact (event_id, stream, stream_id, version, type, data, actor, correlation_id)
  VALUES (NEW.event_id, TG_TABLE_NAME, NEW.id, NEW.version, TG_TABLE_NAME || '.' || NEW.status,
    jsonb_strip_nulls(jsonb_build_object('bookingId', NEW.booking_id, 'amount', NEW.amount, 'currency', NEW.currency,
                                         'failure', NEW.failure)), v_actor, v_correlation);
  RETURN NULL;
END $$;

CREATE TRIGGER payment_begins AFTER INSERT ON payment FOR EACH ROW EXECUTE FUNCTION money_is_told();
CREATE TRIGGER payment_moves AFTER UPDATE ON payment FOR EACH ROW
  WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION money_is_told();
CREATE TRIGGER refund_begins AFTER INSERT ON refund FOR EACH ROW EXECUTE FUNCTION money_is_told();
CREATE TRIGGER refund_moves AFTER UPDATE ON refund FOR EACH ROW
  WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION money_is_told();
