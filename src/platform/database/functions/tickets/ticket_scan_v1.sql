-- Lets a ticket in or takes that back, by id and generation or by code. The ticket's row is the lock that handing on and
-- giving back take as well; what it depends on is read by a statement of its own once the row is ours.
CREATE FUNCTION ticket_scan_v1(p_event uuid, p_ticket uuid, p_generation int, p_code text, p_enter boolean, p_gate text,
  p_actor uuid, p_key text, p_route text, p_hash bytea, p_correlation text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_result jsonb;
  v_ticket record;
  v_sale record;
  v_at timestamptz;
  v_outcome text;
BEGIN
  v_result := idempotency_claim_v1(p_actor, p_key, p_route, p_hash, NULL);
  IF v_result IS NOT NULL THEN RETURN v_result; END IF;
  IF p_code IS NOT NULL THEN
    SELECT c.id, c.generation INTO p_ticket, p_generation FROM (
      SELECT id, generation FROM ticket WHERE event_id = p_event AND code = p_code
      UNION ALL SELECT ticket_id, generation FROM ticket_past_code WHERE event_id = p_event AND code = p_code) c;
  END IF;
  SELECT * INTO v_ticket FROM ticket WHERE event_id = p_event AND id = p_ticket FOR UPDATE;
  IF FOUND THEN
    SELECT i.status, i.n, i.area, e.status AS event INTO v_sale
    FROM booking_item i JOIN event e ON e.id = i.event_id
    WHERE i.event_id = p_event AND i.booking_id = v_ticket.booking_id AND i.id = v_ticket.item_id;
    v_at := v_ticket.checked_in_at;
    v_outcome := CASE
      WHEN v_sale.event = 'cancelled' THEN 'event_cancelled'
      WHEN v_sale.status <> 'confirmed' THEN 'ticket_cancelled'
      WHEN v_ticket.generation <> p_generation THEN 'ticket_transferred'
      WHEN p_enter AND v_at IS NOT NULL THEN 'already_checked_in'
      WHEN NOT p_enter AND v_at IS NULL THEN 'not_checked_in'
      ELSE 'ok' END;
  ELSE
    v_outcome := 'ticket_unknown';
  END IF;
  IF v_outcome <> 'ok' THEN
    DELETE FROM idempotency_key WHERE user_id = p_actor AND key = p_key;
    RETURN jsonb_build_object('outcome', v_outcome, 'at', v_at, 'gate', v_ticket.gate);
  END IF;
  v_at := CASE WHEN p_enter THEN clock_timestamp() END;
  UPDATE ticket SET checked_in_at = v_at, gate = CASE WHEN p_enter THEN p_gate END, version = version + 1
  WHERE event_id = p_event AND id = p_ticket;
  INSERT INTO fact (event_id, stream, stream_id, version, type, data, actor, correlation_id)
  VALUES (p_event, 'ticket', p_ticket, v_ticket.version + 1,
          CASE WHEN p_enter THEN 'ticket.checked_in' ELSE 'ticket.check_in_undone' END,
          jsonb_build_object('gate', p_gate), p_actor, p_correlation);
  v_result := jsonb_build_object('id', p_ticket, 'code', v_ticket.code, 'n', v_sale.n, 'area', v_sale.area,
                                 'at', v_at, 'gate', CASE WHEN p_enter THEN p_gate END);
  UPDATE idempotency_key SET status = 200, answer = v_result WHERE user_id = p_actor AND key = p_key;
  RETURN jsonb_build_object('outcome', 'ok', 'answer', v_result);
END $$;
