-- waiting -> left; an offer is declined with it.
CREATE FUNCTION waitlist_leave_v1(p_event uuid, p_entry uuid, p_user uuid, p_since bigint, p_correlation text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  e waitlist_entry;
  v_seq bigint;
BEGIN
  PERFORM FROM inventory WHERE event_id = p_event FOR UPDATE;
  SELECT * INTO e FROM waitlist_entry WHERE event_id = p_event AND id = p_entry AND user_id = p_user;
  IF e.state = 'offered' THEN
    RETURN booking_change_v1(p_event, e.booking_id, 'release', p_user, NULL, 0, p_since, p_user, p_correlation);
  END IF;
  IF e.state IS DISTINCT FROM 'waiting' THEN RETURN jsonb_build_object('outcome', 'not_waiting'); END IF;
  UPDATE waitlist_entry SET state = 'left', collecting_until = NULL, version = version + 1
  WHERE event_id = p_event AND id = p_entry;
  INSERT INTO fact (event_id, stream, stream_id, version, type, data, actor, correlation_id)
  VALUES (p_event, 'waitlist', p_entry, e.version + 1, 'waitlist.left', jsonb_build_object('userId', p_user), p_user,
          p_correlation);
  v_seq := entries_stop_waiting_v1(p_event, 1, '{}', '{}', clock_timestamp());
  RETURN jsonb_build_object('outcome', 'ok', 'seq', v_seq, 'rows', feed_since_v1(p_event, p_since, v_seq));
END $$;
