-- Seats for all or some of a booking's seats that are lost, by category and accessibility; null when there are not
-- enough. p_together: neighbours, which only one kind of seat can be.
CREATE FUNCTION seats_like_v1(p_inv inventory, p_lost int[], p_together boolean, p_not int[], p_now timestamptz)
RETURNS int[] LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_kind record;
  v_pick int[];
  v_all int[] := '{}';
BEGIN
  FOR v_kind IN
    SELECT category, accessible, count(*)::int AS quantity, count(*) OVER () AS kinds FROM seat
    WHERE event_id = p_inv.event_id AND n = ANY (p_lost) GROUP BY category, accessible ORDER BY category, accessible
  LOOP
    IF p_together AND v_kind.kinds > 1 THEN RETURN NULL; END IF;
    v_pick := seats_pick_v1(p_inv.event_id, jsonb_build_object('quantity', v_kind.quantity, 'together', p_together,
        'categories', jsonb_build_array(v_kind.category), 'accessible', v_kind.accessible),
      p_not || v_all, p_inv.category_prices, p_now, lapsed_until_v1(p_inv.waiting, p_now));
    IF v_pick IS NULL THEN RETURN NULL; END IF;
    v_all := v_all || v_pick;
  END LOOP;
  RETURN v_all;
END $$;
