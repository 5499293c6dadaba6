-- Seats and places that count towards what one buyer may have.
CREATE FUNCTION buyer_items_v1(p_event uuid, p_user uuid, p_now timestamptz) RETURNS int LANGUAGE sql STABLE AS $$
  SELECT count(*)::int FROM booking b JOIN booking_item i ON i.event_id = b.event_id AND i.booking_id = b.id
  WHERE b.user_id = p_user AND b.event_id = p_event AND i.status IN ('held', 'confirmed', 'cancelling')
    AND NOT (b.status IN ('held', 'paying') AND b.expires_at <= p_now)
$$;
