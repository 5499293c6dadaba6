-- Leases what is due, or one saga whether it is due or not; never what another one holds.
CREATE FUNCTION saga_claim_v1(p_id uuid, p_lease uuid, p_seconds double precision, p_limit int) RETURNS SETOF saga
LANGUAGE sql AS $$
  UPDATE saga SET lease = p_lease, due_at = clock_timestamp() + make_interval(secs => p_seconds), woken = false
  WHERE id IN (
    SELECT id FROM saga
    WHERE due_at IS NOT NULL AND (id = p_id OR p_id IS NULL)
      AND (due_at <= clock_timestamp() OR (id = p_id AND lease IS NULL))
    ORDER BY due_at LIMIT p_limit FOR UPDATE SKIP LOCKED)
  RETURNING *
$$;
