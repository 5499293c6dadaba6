/**
 * Carries out a plan of the matcher (waitlist.rules.ts) under the feed row's lock. The plan was made without it, so
 * everything is looked at again: offers are made in their order up to the first that no longer holds, because those after it
 * were planned as if it did, and then nothing else of the plan is done.
 *
 * The plan: {restart, offers: [{entry, booking, code, items: [id], seats: [n], area, bypassed: [entry]}], bypassed: [entry],
 * collect: entry or null, keep: [n], free: [n], areas: [[area, keep, free]]}
 */
export const settleFunctions = `
-- A hold for one entry until p_until. \`made\` is false when seats, places, price, limit or entry are not as planned.
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
    AND (s.state = 0 OR (s.state = 1 AND s.booking_id IS NULL))
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
  UPDATE seat s SET state = 1, booking_id = v_booking, hold_until = p_until
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

-- Returns \`made\`: how many of the offers.
CREATE FUNCTION waitlist_settle_v1(p_event uuid, p_since bigint, p_plan jsonb, p_offer_seconds int, p_collect_seconds int,
                                   p_correlation text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_inv inventory;
  v_now timestamptz;
  v_keep timestamptz;
  v_until timestamptz;
  v_made int := 0;
  v_plan jsonb;
  v_offer record;
  v_area int[];
  v_seats int[] := '{}';
  v_areas int[] := '{}';
  v_seq bigint;
BEGIN
  SELECT * INTO v_inv FROM inventory WHERE event_id = p_event FOR UPDATE;
  v_now := clock_timestamp();
  IF v_inv.status <> 'published' OR v_now < v_inv.sale_from OR v_now >= least(v_inv.sale_until, v_inv.ends_at) THEN
    RETURN jsonb_build_object('outcome', 'sale_closed', 'made', 0);
  END IF;
  v_keep := kept_until_v1(1, v_now);
  v_until := date_trunc('milliseconds',
    least(v_now + make_interval(secs => p_offer_seconds), v_inv.sale_until, v_inv.ends_at));

  IF (p_plan ->> 'restart')::boolean THEN
    UPDATE waitlist_entry SET bypassed = 0, collecting_until = NULL
    WHERE event_id = p_event AND state = 'waiting' AND (bypassed > 0 OR collecting_until IS NOT NULL);
  END IF;
  FOR v_plan IN SELECT jsonb_array_elements(p_plan -> 'offers') LOOP
    SELECT * INTO v_offer FROM waitlist_offer_v1(v_inv, v_plan, v_now, v_until, p_correlation);
    EXIT WHEN NOT v_offer.made;
    v_made := v_made + 1;
    v_seats := v_seats || v_offer.seats;
    IF v_offer.area IS NOT NULL THEN v_areas := v_areas || v_offer.area::int; END IF;
  END LOOP;

  IF v_made = jsonb_array_length(p_plan -> 'offers') THEN
    UPDATE waitlist_entry SET bypassed = bypassed + 1
    WHERE event_id = p_event AND state = 'waiting' AND id = ANY (ARRAY(SELECT jsonb_array_elements_text(p_plan -> 'bypassed')::uuid));
    UPDATE waitlist_entry SET collecting_until = v_now + make_interval(secs => p_collect_seconds)
    WHERE event_id = p_event AND state = 'waiting' AND id = (p_plan ->> 'collect')::uuid;
    WITH kept AS (
      UPDATE seat s SET state = (w.state)::smallint, hold_until = CASE w.state WHEN 1 THEN v_keep END
      FROM (SELECT n::int, 1 AS state FROM jsonb_array_elements_text(p_plan -> 'keep') n
            UNION ALL SELECT n::int, 0 FROM jsonb_array_elements_text(p_plan -> 'free') n) w
      WHERE s.event_id = p_event AND s.n = w.n AND s.state = 1 AND s.booking_id IS NULL
      RETURNING s.n
    )
    SELECT v_seats || coalesce(array_agg(n), '{}') INTO v_seats FROM kept;
    FOR v_area IN SELECT ARRAY[(a ->> 0)::int, (a ->> 1)::int, (a ->> 2)::int] FROM jsonb_array_elements(p_plan -> 'areas') a LOOP
      INSERT INTO area_kept (event_id, area, until, quantity)
      SELECT p_event, v_area[1], v_keep, taken FROM area_kept_take_v1(p_event, v_area[1]::smallint, v_area[2]) AS taken WHERE taken > 0;
      UPDATE area SET held = held - area_kept_take_v1(p_event, v_area[1]::smallint, v_area[3])
      WHERE event_id = p_event AND area = v_area[1] AND v_area[3] > 0;
      IF v_area[3] > 0 THEN v_areas := v_areas || v_area[1]; END IF;
    END LOOP;
  END IF;
  v_seq := entries_stop_waiting_v1(p_event, v_made, v_seats, v_areas, v_now);
  RETURN jsonb_build_object('outcome', 'ok', 'made', v_made, 'seq', v_seq, 'rows', feed_since_v1(p_event, p_since, v_seq));
END $$;`;
