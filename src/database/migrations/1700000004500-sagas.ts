import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Long-running work in persisted steps. */
export class Sagas1700000004500 implements MigrationInterface {
  readonly name = 'Sagas1700000004500';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE saga (
        id             uuid        NOT NULL,
        kind           text        NOT NULL,
        -- what it is about: a booking, an event; \`event_id\` null where no event is concerned
        subject_id     uuid        NOT NULL,
        event_id       uuid,
        state          text        NOT NULL DEFAULT 'running',
        -- the step to do or undo next, which has been begun \`attempts\` times
        step           smallint    NOT NULL DEFAULT 0,
        attempts       int         NOT NULL DEFAULT 0,
        data           jsonb       NOT NULL,
        reason         text,
        -- when somebody shall go on with it; while leased when the lease is over; null at the end
        due_at         timestamptz,
        lease          uuid,
        -- news came while somebody was at work on it
        woken          boolean     NOT NULL DEFAULT false,
        -- stuck while it was being undone
        backwards      boolean     NOT NULL DEFAULT false,
        actor          uuid,
        correlation_id text,
        created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT saga_pkey PRIMARY KEY (id),
        CONSTRAINT saga_state CHECK (state IN ('running', 'compensating', 'completed', 'compensated', 'stuck')),
        CONSTRAINT saga_goes_on CHECK ((state IN ('running', 'compensating')) = (due_at IS NOT NULL)),
        CONSTRAINT saga_lease CHECK (lease IS NULL OR due_at IS NOT NULL)
      ) WITH (fillfactor = 60)`);
    await db.query('CREATE INDEX saga_due ON saga (due_at) WHERE due_at IS NOT NULL');
    await db.query(`CREATE INDEX saga_stuck ON saga (id) WHERE state = 'stuck'`);
    await db.query('CREATE INDEX saga_subject ON saga (subject_id)');
    await db.query(`
      CREATE TABLE saga_step (
        saga_id  uuid        NOT NULL,
        step     smallint    NOT NULL,
        undo     boolean     NOT NULL,
        name     text        NOT NULL,
        attempts int         NOT NULL DEFAULT 1,
        -- null while under way, or when whoever did it died
        outcome  text,
        reason   text,
        begun_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        ended_at timestamptz,
        CONSTRAINT saga_step_pkey PRIMARY KEY (saga_id, step, undo),
        CONSTRAINT saga_step_saga FOREIGN KEY (saga_id) REFERENCES saga (id) ON DELETE CASCADE
      ) WITH (fillfactor = 60)`);
    await db.query(sagaFunctions);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      'DROP FUNCTION saga_settle_v1, saga_retry_v1, saga_claim_v1, saga_guard_v1, saga_start_v1, saga_begin_step_v1',
    );
    await db.query('DROP TABLE saga_step, saga');
  }
}

const sagaFunctions = `
CREATE FUNCTION saga_begin_step_v1(p_saga uuid, p_step smallint, p_undo boolean, p_name text) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO saga_step AS s (saga_id, step, undo, name) VALUES (p_saga, p_step, p_undo, p_name)
  ON CONFLICT (saga_id, step, undo) DO UPDATE SET attempts = s.attempts + 1, outcome = NULL, ended_at = NULL
$$;

-- In the transaction of whatever makes the saga necessary. With a lease the caller goes on with it at once.
-- \`p_done\`: name of the first step, when that transaction has done it. \`p_begun\`: of the one to do next, which a caller with a
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

-- For functions that carry out a step: whoever lost the lease changes nothing.
CREATE FUNCTION saga_guard_v1(p_id uuid, p_lease uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM saga WHERE id = p_id AND lease = p_lease FOR SHARE;
  IF NOT FOUND THEN RAISE EXCEPTION 'saga % is led by somebody else', p_id USING ERRCODE = 'EV001'; END IF;
END $$;

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

-- A stuck one goes on where it was; one that pauses goes on now. False when it is at its end.
CREATE FUNCTION saga_retry_v1(p_id uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE saga SET attempts = 0, updated_at = clock_timestamp(), woken = true,
    due_at = CASE WHEN lease IS NULL THEN clock_timestamp() ELSE due_at END, backwards = false,
    state = CASE WHEN state <> 'stuck' THEN state WHEN backwards THEN 'compensating' ELSE 'running' END
  WHERE id = p_id AND state IN ('running', 'compensating', 'stuck');
  RETURN FOUND;
END $$;

-- What became of the step under way, and where the saga goes from there. No row when the lease was lost.
-- \`p_outcome\` null: nothing ended, the step \`p_step\` begins. \`p_pause\` null: its holder goes on at once.
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
END $$;`;
