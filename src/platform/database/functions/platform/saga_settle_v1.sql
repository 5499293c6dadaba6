-- What became of the step under way, and where the saga goes from there. No row when the lease was lost.
-- `p_outcome` null: nothing ended, the step `p_step` begins. `p_pause` null: its holder goes on at once.
CREATE FUNCTION saga_settle_v1(p_id uuid, p_lease uuid, p_seconds double precision, p_outcome text, p_reason text,
  p_patch jsonb, p_state text, p_step smallint, p_pause double precision, p_name text) RETURNS SETOF saga
LANGUAGE plpgsql AS $$
DECLARE
  s saga;
  v_now timestamptz := clock_timestamp();
  v_ends boolean := p_state NOT IN ('running', 'compensating');
BEGIN
  SELECT * INTO s FROM saga WHERE id = p_id AND lease = p_lease FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  IF p_outcome IS NOT NULL THEN
    UPDATE saga_step SET outcome = p_outcome, reason = p_reason, ended_at = v_now
    WHERE saga_id = p_id AND step = s.step AND undo = (s.state = 'compensating');
  END IF;
  IF NOT v_ends AND p_pause IS NULL THEN
    PERFORM saga_begin_step_v1(p_id, p_step, p_state = 'compensating', p_name);
  END IF;
  RETURN QUERY UPDATE saga SET
    state = p_state, step = p_step, data = s.data || p_patch, reason = coalesce(p_reason, s.reason),
    backwards = p_state = 'stuck' AND s.state = 'compensating',
    attempts = CASE WHEN (p_state, p_step) IS DISTINCT FROM (s.state, s.step) OR p_outcome IN ('more', 'wait') THEN 0
                    ELSE s.attempts END
               + CASE WHEN v_ends OR p_pause IS NOT NULL THEN 0 ELSE 1 END,
    lease = CASE WHEN v_ends OR p_pause IS NOT NULL THEN NULL ELSE s.lease END,
    due_at = CASE WHEN v_ends THEN NULL
                  WHEN p_pause IS NULL THEN v_now + make_interval(secs => p_seconds)
                  WHEN s.woken THEN v_now
                  ELSE v_now + make_interval(secs => p_pause) END,
    woken = false, updated_at = v_now
  WHERE id = p_id RETURNING *;
END $$;
