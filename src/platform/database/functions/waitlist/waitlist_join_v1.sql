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
