-- The last resort of best available: the pick made under the lock, in SQL. See best-available.rules.ts for the usual one.
CREATE FUNCTION seats_pick_v1(p_event uuid, p_wish jsonb, p_not int[], p_price bigint[], p_now timestamptz,
                              p_lapsed timestamptz) RETURNS int[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_quantity int := (p_wish ->> 'quantity')::int;
  v_categories int[] := (SELECT array_agg(c::int) FROM jsonb_array_elements_text(p_wish -> 'categories') c);
  v_accessible boolean := coalesce((p_wish ->> 'accessible')::boolean, false);
  v_together boolean := coalesce((p_wish ->> 'together')::boolean, false);
  v_max bigint := (p_wish ->> 'maxPrice')::bigint;
  v_pick int[];
BEGIN
  -- Accessible seats only for those who ask; for the others they come last, neighbours or not.
  FOR v_round IN 1..2 LOOP
    WITH open AS (
      SELECT n, accessible, n - row_number() OVER (PARTITION BY run ORDER BY n) AS island, run FROM seat
      WHERE event_id = p_event AND seat_open_v1(state, booking_id, hold_until, p_now, p_lapsed) AND n <> ALL (p_not)
        AND p_price[category + 1] <= coalesce(v_max, p_price[category + 1])
        AND (v_categories IS NULL OR category = ANY (v_categories))
        AND CASE WHEN v_accessible THEN accessible ELSE v_round = 2 OR NOT accessible END
    ), adjacent AS (
      SELECT min(n) AS first, count(*) AS size FROM open GROUP BY run, island HAVING count(*) >= v_quantity
    ), best AS (
      -- the tightest gap, but rather not one that leaves a single seat
      SELECT first FROM adjacent ORDER BY (size = v_quantity + 1), size, first LIMIT 1
    )
    SELECT CASE
      WHEN EXISTS (SELECT FROM best) AND (v_together OR v_round = 1) THEN (SELECT array_agg(first + k) FROM best, generate_series(0, v_quantity - 1) k)
      WHEN NOT v_together THEN (SELECT array_agg(n) FROM (SELECT n FROM open ORDER BY accessible <> v_accessible, n
                                                           LIMIT v_quantity) loose)
    END INTO v_pick;
    IF array_length(v_pick, 1) = v_quantity THEN RETURN v_pick; END IF;
  END LOOP;
  RETURN NULL;
END $$;
