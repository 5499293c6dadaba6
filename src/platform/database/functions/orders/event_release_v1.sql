-- Ends holds and offers of a cancelled event; overdue ones expire. Payments under way are left to their sagas.
-- ended: how many.
CREATE FUNCTION event_release_v1(p_saga uuid, p_lease uuid, p_event uuid, p_actor uuid, p_since bigint,
                                 p_correlation text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  c_no_rows CONSTANT bigint := 9223372036854775807;
  v_booking uuid;
  v_ended int := 0;
  v_seq bigint;
BEGIN
  PERFORM FROM inventory WHERE event_id = p_event FOR UPDATE;
  PERFORM saga_guard_v1(p_saga, p_lease);
  FOR v_booking IN
    SELECT id FROM (
      SELECT b.id, sum(i.count) OVER (ORDER BY b.id) AS seats, row_number() OVER (ORDER BY b.id) AS no
      FROM booking b, LATERAL (SELECT count(*) FROM booking_item WHERE event_id = p_event AND booking_id = b.id) i
      WHERE b.event_id = p_event AND (b.status = 'held' OR (b.status = 'paying' AND b.expires_at <= clock_timestamp()))
    ) piece WHERE no = 1 OR (seats <= 1000 AND no <= 100) ORDER BY id
  LOOP
    PERFORM booking_change_v1(p_event, v_booking, 'release', NULL, NULL, 0, c_no_rows, p_actor, p_correlation);
    v_ended := v_ended + 1;
  END LOOP;
  SELECT seq INTO v_seq FROM inventory WHERE event_id = p_event;
  RETURN jsonb_build_object('outcome', 'ok', 'ended', v_ended, 'seq', v_seq,
                            'rows', feed_since_v1(p_event, p_since, v_seq));
END $$;
