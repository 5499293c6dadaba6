/**
 * Names the history that seq counts in: another one after a restore or a promotion.
 * @param salt SQL of what else tells one history from another
 */
export const feedEpoch = (salt = 'NULL') => `
CREATE OR REPLACE FUNCTION feed_epoch_v1() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT substr(md5(concat_ws(':', (SELECT system_identifier FROM pg_control_system()),
    substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8),
    (SELECT oid FROM pg_database WHERE datname = current_database()), ${salt})), 1, 12)
$$;`;

/**
 * Building blocks of every change of an inventory. Each public function (the ones with \`p_since\`) locks the event's
 * feed row first, reads the clock only then, and ends with one feed row if anything changed. They return jsonb:
 * \`{outcome, seq, rows, …}\`, where rows are the feed rows after \`p_since\` (null when too many to send).
 */
export const changeFunctions = `
${feedEpoch()}

-- The feed rows a caller lacks, as [[seq, changes, areas, holdUntil in ms or null, priceVersion, kept, keptUntil], …].
CREATE FUNCTION feed_since_v1(p_event uuid, p_since bigint, p_seq bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN p_seq - p_since > 500 THEN NULL ELSE coalesce(
    (SELECT jsonb_agg(jsonb_build_array(seq, changes, areas, extract(epoch FROM hold_until) * 1000, price_version,
                                        kept, extract(epoch FROM kept_until) * 1000) ORDER BY seq)
     FROM seat_feed WHERE event_id = p_event AND seq > p_since), '[]') END
$$;

-- Writes the one feed row of a change from the states that the change has left.
CREATE FUNCTION feed_append_v1(p_event uuid, p_seats int[], p_areas int[], p_now timestamptz) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  v_seq bigint;
  v_price int;
BEGIN
  UPDATE inventory SET seq = seq + 1 WHERE event_id = p_event RETURNING seq, price_version INTO v_seq, v_price;
  INSERT INTO seat_feed (event_id, seq, changes, areas, hold_until, kept, kept_until, price_version, at)
  SELECT p_event, v_seq, coalesce(s.changes, '{}'),
    coalesce((SELECT array_agg(v ORDER BY area, k)
              FROM area, LATERAL (VALUES (1, area::int), (2, held), (3, booked)) AS t (k, v)
              WHERE event_id = p_event AND area = ANY (p_areas)), '{}'),
    s.hold_until, coalesce(s.kept, '{}'), s.kept_until, v_price, p_now
  FROM (
    SELECT array_agg(n * 4 + state ORDER BY n) AS changes,
      max(hold_until) FILTER (WHERE booking_id IS NOT NULL) AS hold_until,
      array_agg(n ORDER BY n) FILTER (WHERE state = 1 AND booking_id IS NULL) AS kept,
      max(hold_until) FILTER (WHERE booking_id IS NULL) AS kept_until
    FROM seat WHERE event_id = p_event AND n = ANY (p_seats)) s;
  RETURN v_seq;
END $$;

-- Until when what is freed now is kept for those who wait; null when nobody does.
CREATE FUNCTION kept_until_v1(p_waiting int, p_now timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN p_waiting > 0 THEN p_now + interval '60 s' END
$$;

-- Deadlines up to this one have passed for strangers: those who wait are a minute ahead of them.
CREATE FUNCTION lapsed_until_v1(p_waiting int, p_now timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN p_waiting > 0 THEN p_now - interval '60 s' ELSE p_now END
$$;

-- Whether a stranger may have the seat. A kept one has had its minute when its deadline passes.
CREATE FUNCTION seat_open_v1(p_state smallint, p_booking uuid, p_until timestamptz, p_now timestamptz, p_lapsed timestamptz)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT p_state = 0 OR (p_state = 1 AND p_until <= CASE WHEN p_booking IS NULL THEN p_now ELSE p_lapsed END)
$$;

-- Moves the live items of bookings to another state and seats and places with them; the caller holds the feed row.
-- p_seat: the state the seats get (0 free, 1 held, 2 booked); with p_keep what is freed is kept until then instead.
-- Returns the seats and areas touched.
CREATE FUNCTION items_move_v1(p_event uuid, p_bookings uuid[], p_items uuid[], p_from text, p_to text, p_seat smallint,
                              p_keep timestamptz, OUT seats int[], OUT areas int[]) LANGUAGE plpgsql AS $$
DECLARE
  v_places smallint[];
BEGIN
  WITH moved AS (
    UPDATE booking_item SET status = p_to
    WHERE event_id = p_event AND booking_id = ANY (p_bookings) AND status = p_from
      AND (p_items IS NULL OR id = ANY (p_items))
    RETURNING n, area
  ), places AS (
    SELECT area, count(*)::int AS quantity FROM moved WHERE area IS NOT NULL GROUP BY area
  ), counted AS (
    UPDATE area a SET
      held = a.held - CASE WHEN p_from = 'held' AND p_to <> 'held' THEN p.quantity ELSE 0 END
                    + CASE WHEN p_keep IS NULL THEN 0 ELSE p.quantity END,
      booked = a.booked + CASE WHEN p_to = 'confirmed' AND p_from = 'held' THEN p.quantity
                               WHEN p_to = 'cancelled' THEN -p.quantity ELSE 0 END
    FROM places p WHERE a.event_id = p_event AND a.area = p.area
    RETURNING a.area
  )
  SELECT (SELECT array_agg(n) FROM moved WHERE n IS NOT NULL), (SELECT array_agg(area) FROM counted),
         (SELECT array_agg(area) FROM moved WHERE area IS NOT NULL)
  INTO seats, areas, v_places;
  seats := coalesce(seats, '{}');
  areas := coalesce(areas, '{}');
  IF p_keep IS NOT NULL AND v_places IS NOT NULL THEN
    INSERT INTO area_kept AS k (event_id, area, until, quantity)
    SELECT p_event, area, p_keep, count(*) FROM unnest(v_places) AS area GROUP BY area
    ON CONFLICT (event_id, area, until) DO UPDATE SET quantity = k.quantity + excluded.quantity;
  END IF;
  UPDATE seat s SET state = CASE WHEN p_keep IS NULL THEN p_seat ELSE 1 END, hold_until = p_keep,
                    booking_id = CASE WHEN p_seat = 0 THEN NULL ELSE s.booking_id END
  WHERE s.event_id = p_event AND s.n = ANY (seats);
END $$;

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

-- Ends bookings whose time is over; the caller holds the feed row and writes the feed row. p_keep as in items_move_v1.
CREATE FUNCTION bookings_expire_v1(p_event uuid, p_bookings uuid[], p_now timestamptz, p_keep timestamptz,
                                   OUT seats int[], OUT areas int[])
LANGUAGE plpgsql AS $$
DECLARE
  v_ended uuid[];
  v_entries uuid[];
BEGIN
  WITH ended AS (
    UPDATE booking SET status = 'expired', version = version + 1
    WHERE event_id = p_event AND id = ANY (p_bookings) AND status IN ('held', 'paying') AND expires_at <= p_now
    RETURNING id, version, entry_id
  ), told AS (
    INSERT INTO fact (event_id, stream, stream_id, version, type, data)
    SELECT p_event, 'booking', id, version, 'booking.expired', '{}' FROM ended ORDER BY id
  )
  SELECT array_agg(id), array_agg(entry_id) FILTER (WHERE entry_id IS NOT NULL) INTO v_ended, v_entries FROM ended;
  IF v_entries IS NOT NULL THEN PERFORM offers_end_v1(p_event, v_entries, 'expired', NULL, NULL); END IF;
  SELECT m.seats, m.areas INTO seats, areas
  FROM items_move_v1(p_event, v_ended, NULL, 'held', 'expired', 0::smallint, p_keep) m;
END $$;

-- Ends up to p_limit overdue bookings of an event, sooner than the next buyer would.
CREATE FUNCTION inventory_sweep_v1(p_event uuid, p_since bigint, p_limit int) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_seq bigint;
  v_waiting int;
  v_now timestamptz;
  v_due uuid[];
  v_seats int[];
  v_areas int[];
BEGIN
  SELECT seq, waiting INTO v_seq, v_waiting FROM inventory WHERE event_id = p_event FOR UPDATE;
  v_now := clock_timestamp();
  SELECT array_agg(id) INTO v_due FROM (
    SELECT id FROM booking WHERE event_id = p_event AND status IN ('held', 'paying') AND expires_at <= v_now
    ORDER BY expires_at LIMIT p_limit) due;
  IF v_due IS NOT NULL THEN
    SELECT e.seats, e.areas INTO v_seats, v_areas
    FROM bookings_expire_v1(p_event, v_due, v_now, kept_until_v1(v_waiting, v_now)) e;
    v_seq := feed_append_v1(p_event, v_seats, v_areas, v_now);
  END IF;
  RETURN jsonb_build_object('outcome', 'ok', 'ended', coalesce(array_length(v_due, 1), 0), 'seq', v_seq,
                            'rows', feed_since_v1(p_event, p_since, v_seq));
END $$;

-- Takes free seats out of the sale, or brings blocked ones back. All or nothing, at most 1,000 a call.
CREATE FUNCTION seats_block_v1(p_event uuid, p_since bigint, p_seats int[], p_block boolean, p_actor uuid, p_correlation text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_seq bigint;
  v_waiting int;
  v_now timestamptz;
  v_lapsed_until timestamptz;
  v_keep timestamptz;
  v_found int;
  v_conflicts int[];
  v_lapsed uuid[];
  v_changed int[];
  v_seats int[] := '{}';
  v_areas int[] := '{}';
BEGIN
  SELECT seq, waiting INTO v_seq, v_waiting FROM inventory WHERE event_id = p_event FOR UPDATE;
  IF NOT FOUND THEN RETURN jsonb_build_object('outcome', 'event_not_on_sale'); END IF;
  v_now := clock_timestamp();
  v_lapsed_until := lapsed_until_v1(v_waiting, v_now);
  v_keep := kept_until_v1(v_waiting, v_now);
  SELECT count(*),
    array_agg(n ORDER BY n) FILTER (WHERE state <> 3 AND NOT seat_open_v1(state, booking_id, hold_until, v_now, v_lapsed_until)),
    array_agg(DISTINCT booking_id) FILTER (WHERE state = 1 AND booking_id IS NOT NULL AND hold_until <= v_lapsed_until),
    array_agg(n) FILTER (WHERE state <> CASE WHEN p_block THEN 3 ELSE 0 END)
  INTO v_found, v_conflicts, v_lapsed, v_changed
  FROM seat WHERE event_id = p_event AND n = ANY (p_seats);
  IF v_found < array_length(p_seats, 1) THEN RETURN jsonb_build_object('outcome', 'unknown_seats'); END IF;
  IF v_conflicts IS NOT NULL THEN
    RETURN jsonb_build_object('outcome', 'seats_not_blockable', 'conflicts', v_conflicts);
  END IF;
  IF v_changed IS NOT NULL THEN
    IF v_lapsed IS NOT NULL THEN
      SELECT e.seats, e.areas INTO v_seats, v_areas FROM bookings_expire_v1(p_event, v_lapsed, v_now, v_keep) e;
    END IF;
    UPDATE seat SET state = CASE WHEN p_block THEN 3 WHEN v_keep IS NULL THEN 0 ELSE 1 END,
                    hold_until = CASE WHEN NOT p_block THEN v_keep END
    WHERE event_id = p_event AND n = ANY (v_changed);
    v_seq := feed_append_v1(p_event, v_seats || v_changed, v_areas, v_now);
    INSERT INTO fact (event_id, stream, stream_id, version, type, data, actor, correlation_id)
    SELECT p_event, 'inventory', p_event,
      1 + coalesce((SELECT max(version) FROM fact WHERE stream_id = p_event AND stream = 'inventory'), 0),
      CASE WHEN p_block THEN 'seats.blocked' ELSE 'seats.unblocked' END,
      jsonb_build_object('seats', v_changed), p_actor, p_correlation;
  END IF;
  RETURN jsonb_build_object('outcome', 'ok', 'changed', coalesce(array_length(v_changed, 1), 0), 'seq', v_seq,
                            'rows', feed_since_v1(p_event, p_since, v_seq));
END $$;`;
