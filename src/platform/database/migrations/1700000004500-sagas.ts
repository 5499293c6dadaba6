import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFunctions } from '../functions.js';

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
    await createFunctions(db, 'platform', [
      'saga_begin_step_v1',
      'saga_start_v1',
      'saga_guard_v1',
      'saga_claim_v1',
      'saga_retry_v1',
      'saga_settle_v1',
    ]);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      'DROP FUNCTION saga_settle_v1, saga_retry_v1, saga_claim_v1, saga_guard_v1, saga_start_v1, saga_begin_step_v1',
    );
    await db.query('DROP TABLE saga_step, saga');
  }
}
