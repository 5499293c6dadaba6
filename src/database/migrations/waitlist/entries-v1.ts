/** Joining and leaving the line. Each locks the event's feed row first; results as those of booking_change_v1. */
export const entryFunctions = `
-- p_available: the caller has seen seats for the wish; said here because a key that was used before answers as before.
CREATE FUNCTION waitlist_join_v1(p_event uuid, p_entry uuid, p_user uuid, p_quantity int, p_min int, p_together boolean,
  p_accessible boolean, p_categories smallint[], p_areas smallint[], p_max_price bigint, p_key text, p_route text,
  p_hash bytea, p_available boolean, p_correlation text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_inv inventory;
  v_now timestamptz;
  v_replay jsonb;
  v_refused text;
BEGIN
  SELECT * INTO v_inv FROM inventory WHERE event_id = p_event FOR UPDATE;
  IF NOT FOUND THEN RETURN jsonb_build_object('outcome', 'event_not_on_sale'); END IF;
  v_now := clock_timestamp();
  v_replay := idempotency_claim_v1(p_user, p_key, p_route, p_hash, p_entry);
  IF v_replay IS NOT NULL THEN RETURN v_replay; END IF;
  v_refused := CASE
    WHEN v_inv.status <> 'published' OR v_inv.ends_at <= v_now THEN 'event_ended'
    WHEN v_now < v_inv.sale_from OR v_now >= v_inv.sale_until THEN 'sale_closed'
    WHEN p_available THEN 'seats_available'
    WHEN p_quantity > v_inv.max_per_booking THEN 'too_many_seats'
    WHEN p_min > v_inv.max_per_buyer - buyer_items_v1(p_event, p_user, v_now) THEN 'buyer_limit_reached' END;
  IF v_refused IS NULL THEN
    INSERT INTO waitlist_entry (event_id, id, user_id, quantity, min_quantity, together, accessible, categories, areas,
                                max_price, joined_at)
    VALUES (p_event, p_entry, p_user, p_quantity, p_min, p_together, p_accessible, p_categories, p_areas, p_max_price, v_now)
    ON CONFLICT (event_id, user_id) WHERE state IN ('waiting', 'offered') DO NOTHING;
    IF NOT FOUND THEN v_refused := 'already_waiting'; END IF;
  END IF;
  IF v_refused IS NOT NULL THEN
    DELETE FROM idempotency_key WHERE user_id = p_user AND key = p_key;
    RETURN jsonb_build_object('outcome', v_refused);
  END IF;
  UPDATE inventory SET waiting = waiting + 1 WHERE event_id = p_event;
  INSERT INTO fact (event_id, stream, stream_id, version, type, data, actor, correlation_id)
  VALUES (p_event, 'waitlist', p_entry, 1, 'waitlist.joined', jsonb_build_object('userId', p_user, 'quantity', p_quantity,
    'minQuantity', p_min, 'together', p_together, 'accessible', p_accessible, 'categories', p_categories, 'areas', p_areas,
    'maxPrice', p_max_price), p_user, p_correlation);
  RETURN jsonb_build_object('outcome', 'ok');
END $$;

-- waiting -> left; an offer is declined with it.
CREATE FUNCTION waitlist_leave_v1(p_event uuid, p_entry uuid, p_user uuid, p_since bigint, p_correlation text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  e waitlist_entry;
  v_seq bigint;
BEGIN
  PERFORM FROM inventory WHERE event_id = p_event FOR UPDATE;
  SELECT * INTO e FROM waitlist_entry WHERE event_id = p_event AND id = p_entry AND user_id = p_user;
  IF e.state = 'offered' THEN
    RETURN booking_change_v1(p_event, e.booking_id, 'release', p_user, NULL, 0, p_since, p_user, p_correlation);
  END IF;
  IF e.state IS DISTINCT FROM 'waiting' THEN RETURN jsonb_build_object('outcome', 'not_waiting'); END IF;
  UPDATE waitlist_entry SET state = 'left', collecting_until = NULL, version = version + 1
  WHERE event_id = p_event AND id = p_entry;
  INSERT INTO fact (event_id, stream, stream_id, version, type, data, actor, correlation_id)
  VALUES (p_event, 'waitlist', p_entry, e.version + 1, 'waitlist.left', jsonb_build_object('userId', p_user), p_user,
          p_correlation);
  v_seq := entries_stop_waiting_v1(p_event, 1, '{}', '{}', clock_timestamp());
  RETURN jsonb_build_object('outcome', 'ok', 'seq', v_seq, 'rows', feed_since_v1(p_event, p_since, v_seq));
END $$;

-- The sale is over: up to p_limit entries end with it. Returns how many as 'ended'. Offers end by their own deadlines.
CREATE FUNCTION waitlist_close_v1(p_event uuid, p_since bigint, p_limit int, p_correlation text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_inv inventory;
  v_now timestamptz;
  v_ended int;
  v_seq bigint;
BEGIN
  SELECT * INTO v_inv FROM inventory WHERE event_id = p_event FOR UPDATE;
  v_now := clock_timestamp();
  IF v_inv.status = 'published' AND v_now < least(v_inv.sale_until, v_inv.ends_at) THEN
    RETURN jsonb_build_object('outcome', 'ok', 'ended', 0);
  END IF;
  WITH ended AS (
    UPDATE waitlist_entry SET state = 'closed', collecting_until = NULL, version = version + 1
    WHERE event_id = p_event AND id IN (
      SELECT id FROM waitlist_entry WHERE event_id = p_event AND state = 'waiting' ORDER BY place LIMIT p_limit)
    RETURNING id, version, user_id
  ), told AS (
    INSERT INTO fact (event_id, stream, stream_id, version, type, data, correlation_id)
    SELECT p_event, 'waitlist', id, version, 'waitlist.closed', jsonb_build_object('userId', user_id), p_correlation FROM ended
  )
  SELECT count(*) INTO v_ended FROM ended;
  v_seq := entries_stop_waiting_v1(p_event, v_ended, '{}', '{}', v_now);
  RETURN jsonb_build_object('outcome', 'ok', 'ended', v_ended, 'seq', v_seq, 'rows', feed_since_v1(p_event, p_since, v_seq));
END $$;`;
