-- The feed rows a caller lacks, as [[seq, changes, areas, holdUntil in ms or null, priceVersion, kept, keptUntil], …].
CREATE FUNCTION feed_since_v1(p_event uuid, p_since bigint, p_seq bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN p_seq - p_since > 500 THEN NULL ELSE coalesce(
    (SELECT jsonb_agg(jsonb_build_array(seq, changes, areas, extract(epoch FROM hold_until) * 1000, price_version,
                                        kept, extract(epoch FROM kept_until) * 1000) ORDER BY seq)
     FROM seat_feed WHERE event_id = p_event AND seq > p_since), '[]') END
$$;
