-- expired -> confirmed. p_new: ids for items of other seats, as many as the booking has seats; null: only the same seats.
-- Others have the category of those lost and cost what those did; neighbours stay neighbours.
CREATE FUNCTION booking_restore_v1(p_event uuid, p_booking uuid, p_new uuid[], p_since bigint, p_actor uuid,
                                   p_correlation text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_inv inventory;
  b booking;
  v_now timestamptz;
  v_lapsed_until timestamptz;
  v_wanted int[];
  v_lost int[];
  v_together boolean;
  v_take int[];
  v_kept uuid[];
  v_added jsonb;
  v_lapsed uuid[];
  v_seats int[] := '{}';
  v_areas int[] := '{}';
  v_items int;
  v_seq bigint;
BEGIN
  SELECT * INTO v_inv FROM inventory WHERE event_id = p_event FOR UPDATE;
  v_now := clock_timestamp();
  v_lapsed_until := lapsed_until_v1(v_inv.waiting, v_now);
  SELECT * INTO b FROM booking WHERE event_id = p_event AND id = p_booking AND status = 'expired' FOR UPDATE;
  IF NOT FOUND THEN RETURN jsonb_build_object('outcome', 'not_expired'); END IF;
  IF v_inv.status <> 'published' OR v_inv.ends_at <= v_now THEN RETURN jsonb_build_object('outcome', 'event_ended'); END IF;
  SELECT count(*), coalesce(array_agg(n ORDER BY n) FILTER (WHERE n IS NOT NULL), '{}') INTO v_items, v_wanted
  FROM booking_item WHERE event_id = p_event AND booking_id = p_booking;
  IF v_items > v_inv.max_per_buyer - buyer_items_v1(p_event, b.user_id, v_now) THEN
    RETURN jsonb_build_object('outcome', 'buyer_limit_reached');
  END IF;

  SELECT array_agg(n ORDER BY n) FILTER (WHERE NOT seat_open_v1(state, booking_id, hold_until, v_now, v_lapsed_until)),
         count(DISTINCT run) = 1 AND max(n) - min(n) = count(*) - 1
  INTO v_lost, v_together FROM seat WHERE event_id = p_event AND n = ANY (v_wanted);
  v_take := v_wanted;
  IF v_lost IS NOT NULL THEN
    IF v_together THEN
      v_take := CASE WHEN p_new IS NOT NULL THEN seats_like_v1(v_inv, v_wanted, true, '{}', v_now) END;
    ELSE
      v_take := ARRAY(SELECT unnest(v_wanted) EXCEPT SELECT unnest(v_lost));
      v_take := v_take || CASE WHEN p_new IS NOT NULL THEN seats_like_v1(v_inv, v_lost, false, v_take, v_now) END;
    END IF;
    IF v_take IS NULL OR cardinality(v_take) < cardinality(v_wanted) THEN
      RETURN jsonb_build_object('outcome', 'seats_lost');
    END IF;
  END IF;

  -- What is taken may stand in holds that have lapsed; places too, of which only some may be missing.
  SELECT array_agg(DISTINCT booking_id) INTO v_lapsed FROM (
    SELECT booking_id FROM seat WHERE event_id = p_event AND n = ANY (v_take) AND state = :SEAT_HELD AND booking_id IS NOT NULL
    UNION ALL
    SELECT o.id FROM booking o JOIN booking_item i ON i.event_id = o.event_id AND i.booking_id = o.id
    WHERE o.event_id = p_event AND o.status IN ('held', 'paying') AND o.expires_at <= v_lapsed_until
      AND i.area IN (SELECT area FROM booking_item WHERE event_id = p_event AND booking_id = p_booking)) lapsed;
  IF v_lapsed IS NOT NULL THEN
    SELECT e.seats, e.areas INTO v_seats, v_areas FROM bookings_expire_v1(p_event, v_lapsed, v_now, NULL) e;
  END IF;
  IF v_inv.waiting > 0 THEN v_areas := v_areas || area_kept_end_v1(p_event, v_now); END IF;
  PERFORM FROM area a JOIN (
    SELECT area, count(*) AS quantity FROM booking_item WHERE event_id = p_event AND booking_id = p_booking AND area IS NOT NULL
    GROUP BY area) w ON w.area = a.area
  WHERE a.event_id = p_event AND a.capacity - a.held - a.booked < w.quantity;
  IF FOUND THEN
    IF v_seats <> '{}' OR v_areas <> '{}' THEN v_seq := feed_append_v1(p_event, v_seats, v_areas, v_now); END IF;
    RETURN jsonb_build_object('outcome', 'seats_lost', 'seq', coalesce(v_seq, v_inv.seq),
                              'rows', feed_since_v1(p_event, p_since, coalesce(v_seq, v_inv.seq)));
  END IF;

  WITH kept AS (
    UPDATE booking_item SET status = 'confirmed'
    WHERE event_id = p_event AND booking_id = p_booking AND (n IS NULL OR n = ANY (v_take))
    RETURNING id, area
  ), places AS (
    UPDATE area a SET booked = a.booked + k.quantity
    FROM (SELECT area, count(*)::int AS quantity FROM kept WHERE area IS NOT NULL GROUP BY area) k
    WHERE a.event_id = p_event AND a.area = k.area RETURNING a.area
  )
  SELECT coalesce((SELECT array_agg(id ORDER BY id) FROM kept), '{}'),
         v_areas || coalesce((SELECT array_agg(area::int) FROM places), '{}')
  INTO v_kept, v_areas;
  -- Each new seat stands for a lost one of its kind, at that one's price.
  WITH added AS (
    INSERT INTO booking_item (event_id, booking_id, id, n, price, status)
    SELECT p_event, p_booking, p_new[row_number() OVER (ORDER BY t.n)], t.n, l.price, 'confirmed'
    FROM (SELECT n, category, row_number() OVER (PARTITION BY category ORDER BY n) AS k FROM seat
          WHERE event_id = p_event AND n = ANY (v_take) AND n <> ALL (v_wanted)) t
    JOIN (SELECT s.category, i.price, row_number() OVER (PARTITION BY s.category ORDER BY s.n) AS k
          FROM booking_item i JOIN seat s ON s.event_id = i.event_id AND s.n = i.n
          WHERE i.event_id = p_event AND i.booking_id = p_booking AND i.n <> ALL (v_take)) l
      ON l.category = t.category AND l.k = t.k
    RETURNING id, n, price
  )
  SELECT jsonb_agg(jsonb_build_array(id, n, NULL, price) ORDER BY n) INTO v_added FROM added;
  UPDATE seat SET state = :SEAT_BOOKED, booking_id = p_booking, hold_until = NULL WHERE event_id = p_event AND n = ANY (v_take);
  UPDATE booking SET status = 'confirmed', version = version + 1 WHERE event_id = p_event AND id = p_booking;
  INSERT INTO fact (event_id, stream, stream_id, version, type, data, actor, correlation_id)
  VALUES (p_event, 'booking', p_booking, b.version + 1,
    CASE WHEN v_added IS NULL THEN 'booking.restored' ELSE 'booking.replaced' END,
    CASE WHEN v_added IS NULL THEN '{}' ELSE jsonb_build_object('items', v_kept, 'added', v_added) END, p_actor, p_correlation);
  v_seq := feed_append_v1(p_event, v_seats || v_take, v_areas, v_now);
  RETURN jsonb_build_object('outcome', 'ok', 'seq', v_seq, 'rows', feed_since_v1(p_event, p_since, v_seq));
END $$;
