-- Offers that were taken up, refused or missed.
CREATE FUNCTION offers_end_v1(p_event uuid, p_entries uuid[], p_state text, p_actor uuid, p_correlation text) RETURNS void
LANGUAGE sql AS $$
  WITH ended AS (
    UPDATE waitlist_entry SET state = p_state, version = version + 1
    WHERE event_id = p_event AND id = ANY (p_entries) AND state = 'offered'
    RETURNING id, version, user_id
  )
  INSERT INTO fact (event_id, stream, stream_id, version, type, data, actor, correlation_id)
  SELECT p_event, 'waitlist', id, version, 'waitlist.' || p_state, jsonb_build_object('userId', user_id), p_actor, p_correlation
  FROM ended ORDER BY id
$$;
