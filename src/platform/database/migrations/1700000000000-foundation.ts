import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFunctions } from '../functions.js';

/** Facts and idempotency keys: what every feature writes besides its own tables. */
export class Foundation1700000000000 implements MigrationInterface {
  readonly name = 'Foundation1700000000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE fact (
        xid            xid8        NOT NULL DEFAULT pg_current_xact_id(),
        pos            bigint      GENERATED ALWAYS AS IDENTITY,
        event_id       uuid,
        stream         text        NOT NULL,
        stream_id      uuid        NOT NULL,
        version        int         NOT NULL CHECK (version > 0),
        type           text        NOT NULL,
        data           jsonb       NOT NULL,
        actor          uuid,
        correlation_id text,
        occurred_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT fact_pkey PRIMARY KEY (xid, pos),
        CONSTRAINT fact_stream_version UNIQUE (stream_id, version, stream)
      )`);
    await createFunctions(db, 'platform', ['fact_is_append_only']);
    await db.query(`
      CREATE TRIGGER fact_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fact
      FOR EACH STATEMENT EXECUTE FUNCTION fact_is_append_only()`);
    await db.query(`
      CREATE TABLE idempotency_key (
        user_id    uuid        NOT NULL,
        key        text        NOT NULL,
        route      text        NOT NULL,
        body_hash  bytea       NOT NULL,
        -- the stream whose first fact is the answer (holds), or the answer itself
        subject_id uuid,
        status     smallint,
        answer     jsonb,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT idempotency_key_pkey PRIMARY KEY (user_id, key)
      )`);
    await db.query('CREATE INDEX idempotency_key_created_at ON idempotency_key (created_at)');
    await db.query(`
      CREATE TABLE fact_cursor (
        handler    text        NOT NULL,
        -- done: facts visible in \`seen\`, and of those visible in \`until\` the ones up to \`pos\`
        seen       pg_snapshot NOT NULL,
        until      pg_snapshot NOT NULL,
        pos        bigint      NOT NULL,
        CONSTRAINT fact_cursor_pkey PRIMARY KEY (handler)
      )`);
    await db.query(`
      CREATE TABLE fact_parked (
        handler    text        NOT NULL,
        stream     text        NOT NULL,
        stream_id  uuid        NOT NULL,
        -- of the fact that failed; it and what follows in its stream wait
        version    int         NOT NULL,
        attempts   int         NOT NULL,
        error      text        NOT NULL,
        parked_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT fact_parked_pkey PRIMARY KEY (handler, stream, stream_id)
      )`);
    await db.query(`
      CREATE TABLE job (
        name         text        NOT NULL,
        due_at       timestamptz NOT NULL,
        leased_until timestamptz NOT NULL,
        CONSTRAINT job_pkey PRIMARY KEY (name)
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE job, fact_parked, fact_cursor, idempotency_key, fact');
    await db.query('DROP FUNCTION fact_is_append_only');
  }
}
