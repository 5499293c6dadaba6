-- Returns `made`: how many of the offers.
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
      UPDATE seat s SET state = (w.state)::smallint, hold_until = CASE w.state WHEN :SEAT_HELD THEN v_keep END
      FROM (SELECT n::int, :SEAT_HELD AS state FROM jsonb_array_elements_text(p_plan -> 'keep') n
            UNION ALL SELECT n::int, :SEAT_FREE FROM jsonb_array_elements_text(p_plan -> 'free') n) w
      WHERE s.event_id = p_event AND s.n = w.n AND s.state = :SEAT_HELD AND s.booking_id IS NULL
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
END $$;
