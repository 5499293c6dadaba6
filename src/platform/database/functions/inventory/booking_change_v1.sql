-- The booking's own transitions. `p_user` null means the system or an organizer acts; otherwise only the owner's
-- bookings are seen. Outcomes are error codes or 'ok'.
--
-- held -> released: the buyer gives the seats back.
-- held -> held: one extension by the event's hold time.
-- held -> held: an offer of the waitlist is accepted, and is a hold like others from then on.
-- held -> paying: seats stay held until the payment's deadline. 'paying' needs a deadline still ahead.
-- paying -> held: declined; at least two minutes are left for another try, three tries in all.
-- paying -> confirmed: the seats are sold, also past the deadline while nobody has come for them.
-- expired -> confirmed: booking_restore_v1.
-- confirmed -> cancelling -> cancelled: by item; freed only when the refund is accepted.
CREATE FUNCTION booking_change_v1(p_event uuid, p_booking uuid, p_action text, p_user uuid, p_items uuid[],
                                  p_seconds int, p_since bigint, p_actor uuid, p_correlation text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_inv inventory;
  b booking;
  v_now timestamptz;
  v_until timestamptz;
  v_keep timestamptz;
  v_seq bigint;
  v_seats int[] := '{}';
  v_areas int[] := '{}';
  v_data jsonb := '{}';
  v_type text;
  v_count int;
BEGIN
  SELECT * INTO v_inv FROM inventory WHERE event_id = p_event FOR UPDATE;
  v_now := clock_timestamp();
  v_keep := kept_until_v1(v_inv.waiting, v_now);
  SELECT * INTO b FROM booking WHERE event_id = p_event AND id = p_booking AND (p_user IS NULL OR user_id = p_user) FOR UPDATE;
  IF NOT FOUND THEN RETURN jsonb_build_object('outcome', 'not_found'); END IF;
  v_seq := v_inv.seq;

  -- Whoever comes first after the deadline ends the booking, whatever was asked for.
  IF (b.status = 'held' OR (b.status = 'paying' AND p_action <> 'confirm')) AND b.expires_at <= v_now THEN
    SELECT e.seats, e.areas INTO v_seats, v_areas FROM bookings_expire_v1(p_event, ARRAY[p_booking], v_now, v_keep) e;
    v_seq := feed_append_v1(p_event, v_seats, v_areas, v_now);
    RETURN jsonb_build_object('outcome', 'hold_expired', 'seq', v_seq, 'rows', feed_since_v1(p_event, p_since, v_seq));
  END IF;
  IF b.status IN ('expired', 'released') AND p_action IN ('release', 'extend', 'accept', 'pay') THEN
    RETURN jsonb_build_object('outcome', CASE b.status WHEN 'expired' THEN 'hold_expired' ELSE 'not_held' END);
  END IF;

  CASE p_action
  WHEN 'release' THEN
    IF b.status <> 'held' THEN RETURN jsonb_build_object('outcome', 'not_held'); END IF;
    SELECT m.seats, m.areas INTO v_seats, v_areas
    FROM items_move_v1(p_event, ARRAY[p_booking], NULL, 'held', 'released', :SEAT_FREE::smallint, v_keep) m;
    b.status := 'released';
    v_type := 'booking.released';
  WHEN 'extend' THEN
    IF b.status <> 'held' THEN RETURN jsonb_build_object('outcome', 'not_held'); END IF;
    IF b.entry_id IS NOT NULL THEN RETURN jsonb_build_object('outcome', 'offer_not_accepted'); END IF;
    IF b.extended THEN RETURN jsonb_build_object('outcome', 'already_extended'); END IF;
    v_until := b.expires_at + make_interval(secs => v_inv.hold_seconds);
    b.extended := true;
    b.expires_at := v_until;
    b.held_until := v_until;
    v_type := 'booking.extended';
    v_data := jsonb_build_object('expiresAt', v_until);
  WHEN 'accept' THEN
    IF b.status <> 'held' OR b.entry_id IS NULL THEN RETURN jsonb_build_object('outcome', 'not_offered'); END IF;
    v_until := greatest(b.expires_at, date_trunc('milliseconds', v_now + make_interval(secs => v_inv.hold_seconds)));
    b.expires_at := v_until;
    b.held_until := v_until;
    v_type := 'booking.accepted';
    v_data := jsonb_build_object('expiresAt', v_until);
  WHEN 'pay' THEN
    IF b.status <> 'held' THEN RETURN jsonb_build_object('outcome', 'not_held'); END IF;
    IF b.tries >= 3 THEN RETURN jsonb_build_object('outcome', 'too_many_tries'); END IF;
    IF v_inv.status <> 'published' THEN RETURN jsonb_build_object('outcome', 'event_ended'); END IF;
    v_until := greatest(b.expires_at, v_now + make_interval(secs => p_seconds));
    b.status := 'paying';
    b.tries := b.tries + 1;
    b.expires_at := v_until;
    v_type := 'booking.paying';
    v_data := jsonb_build_object('expiresAt', v_until, 'try', b.tries);
  WHEN 'decline' THEN
    IF b.status <> 'paying' THEN RETURN jsonb_build_object('outcome', 'not_paying'); END IF;
    v_until := greatest(b.held_until, v_now + interval '2 minutes');
    b.status := 'held';
    b.expires_at := v_until;
    b.held_until := v_until;
    v_type := 'booking.declined';
    v_data := jsonb_build_object('expiresAt', v_until);
  WHEN 'confirm' THEN
    IF b.status <> 'paying' THEN RETURN jsonb_build_object('outcome', 'not_paying'); END IF;
    IF v_inv.status <> 'published' OR v_inv.ends_at <= v_now THEN RETURN jsonb_build_object('outcome', 'event_ended'); END IF;
    SELECT m.seats, m.areas INTO v_seats, v_areas
    FROM items_move_v1(p_event, ARRAY[p_booking], NULL, 'held', 'confirmed', :SEAT_BOOKED::smallint, NULL) m;
    b.status := 'confirmed';
    v_type := 'booking.confirmed';
  WHEN 'cancel' THEN
    IF b.status NOT IN ('confirmed', 'cancelling') THEN RETURN jsonb_build_object('outcome', 'not_confirmed'); END IF;
    SELECT count(*) INTO v_count FROM booking_item
    WHERE event_id = p_event AND booking_id = p_booking AND status = 'confirmed' AND (p_items IS NULL OR id = ANY (p_items));
    IF v_count = 0 OR v_count < array_length(p_items, 1) THEN
      RETURN jsonb_build_object('outcome', 'items_not_confirmed');
    END IF;
    PERFORM items_move_v1(p_event, ARRAY[p_booking], p_items, 'confirmed', 'cancelling', :SEAT_BOOKED::smallint, NULL);
    v_type := 'booking.cancelling';
  WHEN 'cancelled' THEN
    SELECT m.seats, m.areas INTO v_seats, v_areas
    FROM items_move_v1(p_event, ARRAY[p_booking], p_items, 'cancelling', 'cancelled', :SEAT_FREE::smallint, v_keep) m;
    IF v_seats = '{}' AND v_areas = '{}' THEN RETURN jsonb_build_object('outcome', 'not_cancelling'); END IF;
    v_type := 'booking.cancelled';
  END CASE;

  IF v_type IN ('booking.cancelling', 'booking.cancelled') THEN
    v_data := CASE WHEN p_items IS NULL THEN '{}' ELSE jsonb_build_object('items', p_items) END;
    SELECT CASE WHEN bool_or(status = 'confirmed') THEN 'confirmed' WHEN bool_or(status = 'cancelling') THEN 'cancelling'
                ELSE 'cancelled' END INTO b.status
    FROM booking_item WHERE event_id = p_event AND booking_id = p_booking;
  END IF;
  IF p_action IN ('extend', 'accept', 'pay', 'decline') THEN
    WITH moved AS (
      UPDATE seat SET hold_until = v_until
      WHERE event_id = p_event
        AND n IN (SELECT n FROM booking_item WHERE event_id = p_event AND booking_id = p_booking AND status = 'held')
      RETURNING n
    ) SELECT coalesce(array_agg(n), '{}') INTO v_seats FROM moved;
  END IF;

  -- Whoever pays an offer accepts it.
  IF b.entry_id IS NOT NULL THEN
    PERFORM offers_end_v1(p_event, ARRAY[b.entry_id],
      CASE WHEN p_action IN ('accept', 'pay') THEN 'accepted' WHEN v_inv.status = 'published' THEN 'declined' ELSE 'closed' END,
      p_actor, p_correlation);
    b.entry_id := NULL;
  END IF;

  b.version := b.version + 1;
  UPDATE booking SET status = b.status, expires_at = b.expires_at, held_until = b.held_until, extended = b.extended,
                     tries = b.tries, entry_id = b.entry_id, version = b.version
  WHERE event_id = p_event AND id = p_booking;
  INSERT INTO fact (event_id, stream, stream_id, version, type, data, actor, correlation_id)
  VALUES (p_event, 'booking', p_booking, b.version, v_type, v_data, p_actor, p_correlation);
  IF v_seats <> '{}' OR v_areas <> '{}' THEN v_seq := feed_append_v1(p_event, v_seats, v_areas, v_now); END IF;
  RETURN jsonb_build_object('outcome', 'ok', 'seq', v_seq, 'rows', feed_since_v1(p_event, p_since, v_seq));
END $$;
