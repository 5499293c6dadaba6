-- Whether a stranger may have the seat. A kept one has had its minute when its deadline passes.
CREATE FUNCTION seat_open_v1(p_state smallint, p_booking uuid, p_until timestamptz, p_now timestamptz, p_lapsed timestamptz)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT p_state = :SEAT_FREE OR (p_state = :SEAT_HELD AND p_until <= CASE WHEN p_booking IS NULL THEN p_now ELSE p_lapsed END)
$$;
