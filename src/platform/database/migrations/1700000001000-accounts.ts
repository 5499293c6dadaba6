import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People, their logins, and the tokens that stand for either. Tokens are kept as SHA-256 digests only. */
export class Accounts1700000001000 implements MigrationInterface {
  readonly name = 'Accounts1700000001000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE app_user (
        id                uuid        NOT NULL,
        email             text,
        name              text,
        password_hash     text,
        role              text        NOT NULL DEFAULT 'user',
        -- the language in which this person is written to
        locale            text        NOT NULL DEFAULT 'en',
        email_verified_at timestamptz,
        created_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
        deleted_at        timestamptz,
        version           int         NOT NULL DEFAULT 1,
        CONSTRAINT app_user_pkey PRIMARY KEY (id),
        CONSTRAINT app_user_role CHECK (role IN ('user', 'organizer', 'admin')),
        CONSTRAINT app_user_locale CHECK (locale IN ('en', 'de')),
        -- A deleted account keeps its id, to which facts and bookings point, and nothing about the person.
        CONSTRAINT app_user_whole_or_erased CHECK (
          (deleted_at IS NULL AND num_nulls(email, name, password_hash) = 0) OR
          (deleted_at IS NOT NULL AND num_nonnulls(email, name, password_hash, email_verified_at) = 0)
        )
      )`);
    await db.query('CREATE UNIQUE INDEX app_user_email ON app_user (lower(email))');
    await db.query(`
      CREATE TABLE session (
        id         uuid        NOT NULL,
        user_id    uuid        NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        expires_at timestamptz NOT NULL DEFAULT clock_timestamp() + interval '30 days',
        revoked_at timestamptz,
        CONSTRAINT session_pkey PRIMARY KEY (id),
        CONSTRAINT session_of_user FOREIGN KEY (user_id) REFERENCES app_user (id)
      )`);
    await db.query('CREATE INDEX session_user_id ON session (user_id)');
    await db.query('CREATE INDEX session_revoked_at ON session (revoked_at) WHERE revoked_at IS NOT NULL');
    await db.query('CREATE INDEX session_expires_at ON session (expires_at)');
    await db.query(`
      CREATE TABLE refresh_token (
        hash       bytea       NOT NULL,
        session_id uuid        NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        used_at    timestamptz,
        CONSTRAINT refresh_token_pkey PRIMARY KEY (hash),
        CONSTRAINT refresh_token_of_session FOREIGN KEY (session_id) REFERENCES session (id) ON DELETE CASCADE
      )`);
    await db.query('CREATE INDEX refresh_token_session_id ON refresh_token (session_id)');
    await db.query('CREATE INDEX refresh_token_used_at ON refresh_token (used_at) WHERE used_at IS NOT NULL');
    await db.query(`
      CREATE TABLE one_time_token (
        hash       bytea       NOT NULL,
        user_id    uuid        NOT NULL,
        purpose    text        NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT one_time_token_pkey PRIMARY KEY (hash),
        CONSTRAINT one_time_token_of_user FOREIGN KEY (user_id) REFERENCES app_user (id),
        CONSTRAINT one_time_token_purpose CHECK (purpose IN ('reset', 'verify'))
      )`);
    await db.query('CREATE INDEX one_time_token_user_id ON one_time_token (user_id)');
    await db.query('CREATE INDEX one_time_token_expires_at ON one_time_token (expires_at)');
    await db.query(`
      CREATE TABLE dev_mail (
        id        uuid        NOT NULL,
        recipient text        NOT NULL,
        subject   text        NOT NULL,
        body_text text        NOT NULL,
        body_html text        NOT NULL,
        sent_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT dev_mail_pkey PRIMARY KEY (id)
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE dev_mail, one_time_token, refresh_token, session, app_user');
  }
}
