CREATE FUNCTION inventory_price_v1(p_event uuid) RETURNS void LANGUAGE sql AS $$
  UPDATE inventory SET
    category_prices = coalesce((
      SELECT array_agg(t.price ORDER BY c)
      FROM generate_series(0, (SELECT max(category) FROM price_tier WHERE event_id = p_event)) AS c
      LEFT JOIN price_tier t ON t.event_id = p_event AND t.category = c), '{}'),
    area_prices = coalesce((
      SELECT array_agg(t.price ORDER BY a)
      FROM generate_series(0, (SELECT max(area) FROM price_tier WHERE event_id = p_event)) AS a
      LEFT JOIN price_tier t ON t.event_id = p_event AND t.area = a), '{}')
  WHERE event_id = p_event
$$;
