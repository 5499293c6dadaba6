import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Other providers at which people log in, of the installation or of one organisation, and who they are there. Who logs in
 * like that may have no password.
 */
export class Identities1700000036200 implements MigrationInterface {
  readonly name = 'Identities1700000036200';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE identity_provider (
        id              uuid        NOT NULL,
        organisation_id uuid,
        name            text        NOT NULL,
        issuer          text        NOT NULL,
        client_id       text        NOT NULL,
        client_secret   text,
        enabled         boolean     NOT NULL DEFAULT true,
        version         integer     NOT NULL DEFAULT 1,
        created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT identity_provider_pkey PRIMARY KEY (id),
        CONSTRAINT identity_provider_issuer UNIQUE NULLS NOT DISTINCT (organisation_id, issuer),
        CONSTRAINT identity_provider_of_organisation FOREIGN KEY (organisation_id) REFERENCES organisation (id)
      )`);
    await db.query(`
      CREATE TABLE identity (
        id           uuid        NOT NULL,
        user_id      uuid        NOT NULL,
        provider_id  uuid        NOT NULL,
        issuer       text        NOT NULL,
        subject      text        NOT NULL,
        linked_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
        last_used_at timestamptz,
        CONSTRAINT identity_pkey PRIMARY KEY (id),
        CONSTRAINT identity_subject UNIQUE (issuer, subject),
        CONSTRAINT identity_of_user FOREIGN KEY (user_id) REFERENCES app_user (id),
        CONSTRAINT identity_at_provider FOREIGN KEY (provider_id) REFERENCES identity_provider (id) ON DELETE CASCADE
      )`);
    await db.query('CREATE INDEX identity_by_user ON identity (user_id)');
    await db.query('CREATE INDEX identity_by_provider ON identity (provider_id)');
    await db.query(`
      ALTER TABLE app_user
        DROP CONSTRAINT app_user_whole_or_erased,
        ADD CONSTRAINT app_user_whole_or_erased CHECK (
          (deleted_at IS NULL AND num_nulls(email, name) = 0) OR
          (deleted_at IS NOT NULL AND num_nonnulls(email, name, password_hash, email_verified_at) = 0)
        )`);
  }

  async down(db: QueryRunner): Promise<void> {
    // No password has an empty hash: its account asks for one by mail.
    await db.query(
      `UPDATE app_user SET password_hash = '' WHERE password_hash IS NULL AND deleted_at IS NULL`,
    );
    await db.query(`
      ALTER TABLE app_user
        DROP CONSTRAINT app_user_whole_or_erased,
        ADD CONSTRAINT app_user_whole_or_erased CHECK (
          (deleted_at IS NULL AND num_nulls(email, name, password_hash) = 0) OR
          (deleted_at IS NOT NULL AND num_nonnulls(email, name, password_hash, email_verified_at) = 0)
        )`);
    await db.query('DROP TABLE identity, identity_provider');
  }
}
