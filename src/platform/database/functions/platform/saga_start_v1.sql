-- In the transaction of whatever makes the saga necessary. With a lease the caller goes on with it at once.
-- `p_done`: name of the first step, when that transaction has done it. `p_begun`: of the one to do next, which a caller with a
-- lease begins without another call.
CREATE FUNCTION saga_start_v1(p_id uuid, p_kind text, p_subject uuid, p_event uuid, p_data jsonb, p_done text,
  p_lease uuid, p_seconds double precision, p_actor uuid, p_correlation text, p_begun text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO saga (id, kind, subject_id, event_id, data, step, attempts, lease, due_at, actor, correlation_id)
  VALUES (p_id, p_kind, p_subject, p_event, p_data, CASE WHEN p_done IS NULL THEN 0 ELSE 1 END,
          CASE WHEN p_begun IS NULL THEN 0 ELSE 1 END, p_lease,
          clock_timestamp() + make_interval(secs => CASE WHEN p_lease IS NULL THEN 0 ELSE p_seconds END),
          p_actor, p_correlation);
  IF p_done IS NOT NULL THEN
    INSERT INTO saga_step (saga_id, step, undo, name, outcome, ended_at)
    VALUES (p_id, 0, false, p_done, 'done', clock_timestamp());
  END IF;
  IF p_begun IS NOT NULL THEN
    PERFORM saga_begin_step_v1(p_id, (CASE WHEN p_done IS NULL THEN 0 ELSE 1 END)::smallint, false, p_begun);
  END IF;
END $$;
