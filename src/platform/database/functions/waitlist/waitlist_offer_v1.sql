-- A hold for one entry until p_until. `made` is false when seats, places, price, limit or entry are not as planned.
CREATE FUNCTION waitlist_offer_v1(p_inv inventory, p_offer jsonb, p_now timestamptz, p_until timestamptz, p_correlation text,
                                  OUT made boolean, OUT seats int[], OUT area smallint) LANGUAGE plpgsql AS $$
DECLARE
  v_event uuid := p_inv.event_id;
  v_booking uuid := (p_offer ->> 'booking')::uuid;
  v_quantity int := jsonb_array_length(p_offer -> 'items');
  e waitlist_entry;
  v_items jsonb;
  v_total bigint;
  v_priced int;
  v_dearest bigint;
  v_places int;
BEGIN
  made := false;
  seats := ARRAY(SELECT jsonb_array_elements_text(p_offer -> 'seats')::int);
  area := (p_offer ->> 'area')::smallint;
  SELECT * INTO e FROM waitlist_entry WHERE event_id = v_event AND id = (p_offer ->> 'entry')::uuid;
  IF e.state IS DISTINCT FROM 'waiting' OR v_quantity NOT BETWEEN e.min_quantity AND e.quantity
     OR v_quantity > p_inv.max_per_booking OR v_quantity > p_inv.max_per_buyer - buyer_items_v1(v_event, e.user_id, p_now) THEN
    RETURN;
  END IF;
  -- A seat that is not open any more has no row here, and so no price.
  SELECT jsonb_agg(jsonb_build_array(i.id, s.n, waitlist_offer_v1.area, p.price) ORDER BY i.k), sum(p.price), count(p.price), max(p.price)
  INTO v_items, v_total, v_priced, v_dearest
  FROM jsonb_array_elements_text(p_offer -> 'items') WITH ORDINALITY AS i (id, k)
  LEFT JOIN seat s ON s.event_id = v_event AND s.n = waitlist_offer_v1.seats[i.k]
    AND (s.state = :SEAT_FREE OR (s.state = :SEAT_HELD AND s.booking_id IS NULL))
  CROSS JOIN LATERAL (SELECT CASE WHEN waitlist_offer_v1.area IS NULL THEN p_inv.category_prices[s.category + 1]
                                  ELSE p_inv.area_prices[waitlist_offer_v1.area + 1] END) AS p (price);
  IF v_priced < v_quantity OR v_dearest > e.max_price THEN RETURN; END IF;
  IF area IS NOT NULL THEN
    SELECT a.capacity - a.held - a.booked + coalesce(sum(k.quantity), 0) INTO v_places
    FROM area a LEFT JOIN area_kept k ON k.event_id = a.event_id AND k.area = a.area
    WHERE a.event_id = v_event AND a.area = waitlist_offer_v1.area GROUP BY a.event_id, a.area;
    IF coalesce(v_places, 0) < v_quantity THEN RETURN; END IF;
    UPDATE area a SET held = a.held + v_quantity - area_kept_take_v1(v_event, waitlist_offer_v1.area, v_quantity)
    WHERE a.event_id = v_event AND a.area = waitlist_offer_v1.area;
  END IF;
  UPDATE seat s SET state = :SEAT_HELD, booking_id = v_booking, hold_until = p_until
  WHERE s.event_id = v_event AND s.n = ANY (waitlist_offer_v1.seats);
  INSERT INTO booking (event_id, id, user_id, code, status, expires_at, held_until, entry_id, currency, total, created_at)
  VALUES (v_event, v_booking, e.user_id, p_offer ->> 'code', 'held', p_until, p_until, e.id, p_inv.currency, v_total, p_now);
  INSERT INTO booking_item (event_id, booking_id, id, n, area, price, status)
  SELECT v_event, v_booking, (i ->> 0)::uuid, (i ->> 1)::int, (i ->> 2)::smallint, (i ->> 3)::bigint, 'held'
  FROM jsonb_array_elements(v_items) AS i;
  UPDATE waitlist_entry SET state = 'offered', booking_id = v_booking, offered_at = p_now, offer_until = p_until,
                            collecting_until = NULL, version = version + 1
  WHERE event_id = v_event AND id = e.id;
  INSERT INTO fact (event_id, stream, stream_id, version, type, data, correlation_id, occurred_at)
  VALUES (v_event, 'booking', v_booking, 1, 'booking.held', jsonb_build_object('userId', e.user_id, 'code', p_offer ->> 'code',
            'expiresAt', p_until, 'currency', p_inv.currency, 'total', v_total, 'items', v_items), p_correlation, p_now),
         (v_event, 'waitlist', e.id, e.version + 1, 'waitlist.offered', jsonb_build_object('userId', e.user_id,
            'bookingId', v_booking, 'quantity', v_quantity, 'expiresAt', p_until), p_correlation, p_now);
  UPDATE waitlist_entry SET bypassed = bypassed + 1
  WHERE event_id = v_event AND state = 'waiting' AND id = ANY (ARRAY(SELECT jsonb_array_elements_text(p_offer -> 'bypassed')::uuid));
  made := true;
END $$;
