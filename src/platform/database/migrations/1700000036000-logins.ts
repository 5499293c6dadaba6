import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFunctions } from '../functions.js';

/**
 * Sessions say how and from where somebody logged in, and when they last proved who they are; accounts may have a
 * second factor, and organisations demand one.
 */
export class Logins1700000036000 implements MigrationInterface {
  readonly name = 'Logins1700000036000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE session
        ADD COLUMN methods      text[] NOT NULL DEFAULT '{}',
        ADD COLUMN browser      text,
        ADD COLUMN system       text,
        ADD COLUMN ip           text,
        ADD COLUMN device       bytea,
        ADD COLUMN proved_at    timestamptz,
        ADD COLUMN last_used_at timestamptz`);
    await db.query(
      `UPDATE session SET proved_at = created_at, last_used_at = expires_at - interval '30 days'`,
    );
    await db.query(`
      ALTER TABLE session
        ALTER COLUMN proved_at    SET DEFAULT clock_timestamp(),
        ALTER COLUMN proved_at    SET NOT NULL,
        ALTER COLUMN last_used_at SET DEFAULT clock_timestamp(),
        ALTER COLUMN last_used_at SET NOT NULL`);
    await db.query(`
      ALTER TABLE one_time_token
        ALTER COLUMN user_id DROP NOT NULL,
        ADD COLUMN data jsonb NOT NULL DEFAULT '{}',
        DROP CONSTRAINT one_time_token_purpose`);
    await db.query(`
      CREATE TABLE second_factor (
        user_id      uuid        NOT NULL,
        secret       bytea       NOT NULL,
        last_step    bigint      NOT NULL DEFAULT 0,
        created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
        confirmed_at timestamptz,
        CONSTRAINT second_factor_pkey PRIMARY KEY (user_id),
        CONSTRAINT second_factor_of_user FOREIGN KEY (user_id) REFERENCES app_user (id)
      )`);
    await db.query(`
      CREATE TABLE recovery_code (
        user_id uuid  NOT NULL,
        hash    bytea NOT NULL,
        used_at timestamptz,
        CONSTRAINT recovery_code_pkey PRIMARY KEY (user_id, hash),
        CONSTRAINT recovery_code_of_user FOREIGN KEY (user_id) REFERENCES app_user (id)
      )`);
    await db.query(`
      ALTER TABLE organisation ADD COLUMN demands_second_factor boolean NOT NULL DEFAULT false`);
    await createFunctions(db, 'auth', ['session_has_second_factor']);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TRIGGER session_has_second_factor ON session');
    await db.query('DROP FUNCTION session_has_second_factor');
    await db.query('ALTER TABLE organisation DROP COLUMN demands_second_factor');
    await db.query('DROP TABLE recovery_code, second_factor');
    await db.query(`DELETE FROM one_time_token WHERE purpose NOT IN ('reset', 'verify')`);
    await db.query(`
      ALTER TABLE one_time_token
        DROP COLUMN data, ALTER COLUMN user_id SET NOT NULL,
        ADD CONSTRAINT one_time_token_purpose CHECK (purpose IN ('reset', 'verify'))`);
    await db.query(`
      ALTER TABLE session
        DROP COLUMN methods, DROP COLUMN browser, DROP COLUMN system, DROP COLUMN ip, DROP COLUMN device,
        DROP COLUMN proved_at, DROP COLUMN last_used_at`);
  }
}
