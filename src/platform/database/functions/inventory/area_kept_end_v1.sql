-- Frees places kept until then or earlier; the caller holds the feed row and writes the feed row.
CREATE FUNCTION area_kept_end_v1(p_event uuid, p_until timestamptz) RETURNS int[] LANGUAGE sql AS $$
  WITH ended AS (
    DELETE FROM area_kept WHERE event_id = p_event AND until <= p_until RETURNING area, quantity
  ), freed AS (
    UPDATE area a SET held = a.held - e.quantity
    FROM (SELECT area, sum(quantity)::int AS quantity FROM ended GROUP BY area) e
    WHERE a.event_id = p_event AND a.area = e.area RETURNING a.area
  )
  SELECT coalesce(array_agg(area::int), '{}') FROM freed
$$;
