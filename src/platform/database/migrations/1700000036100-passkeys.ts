import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People log in with passkeys. */
export class Passkeys1700000036100 implements MigrationInterface {
  readonly name = 'Passkeys1700000036100';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE passkey (
        id            uuid        NOT NULL,
        user_id       uuid        NOT NULL,
        credential_id bytea       NOT NULL,
        public_key    bytea       NOT NULL,
        counter       bigint      NOT NULL,
        transports    text[]      NOT NULL,
        synced        boolean     NOT NULL,
        name          text        NOT NULL,
        created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
        last_used_at  timestamptz,
        CONSTRAINT passkey_pkey PRIMARY KEY (id),
        CONSTRAINT passkey_credential UNIQUE (credential_id),
        CONSTRAINT passkey_of_user FOREIGN KEY (user_id) REFERENCES app_user (id)
      )`);
    await db.query('CREATE INDEX passkey_user ON passkey (user_id)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE passkey');
    await db.query(`DELETE FROM one_time_token WHERE purpose LIKE 'passkey%'`);
  }
}
