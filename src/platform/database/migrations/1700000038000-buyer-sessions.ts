import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Customers of shops, who are people without an account, and sessions that a shop makes for them with a key. The addresses of
 * customers stand in a column of their own, so that logins, also those of the release before, find accounts only.
 */
export class BuyerSessions1700000038000 implements MigrationInterface {
  readonly name = 'BuyerSessions1700000038000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE app_user
        ADD COLUMN kind            text NOT NULL DEFAULT 'account',
        ADD COLUMN organisation_id uuid,
        ADD COLUMN reference       text,
        ADD COLUMN contact_email   text,
        ADD CONSTRAINT app_user_kind CHECK (kind IN ('account', 'customer')),
        ADD CONSTRAINT app_user_of_organisation FOREIGN KEY (organisation_id) REFERENCES organisation (id),
        DROP CONSTRAINT app_user_whole_or_erased,
        ADD CONSTRAINT app_user_whole_or_erased CHECK (
          CASE WHEN deleted_at IS NOT NULL
               THEN num_nonnulls(email, name, password_hash, email_verified_at, reference, contact_email) = 0
               WHEN kind = 'account'
               THEN num_nulls(email, name) = 0 AND num_nonnulls(organisation_id, reference, contact_email) = 0
               ELSE num_nulls(organisation_id, reference) = 0 AND num_nonnulls(email, password_hash, email_verified_at) = 0
                    AND role = 'user' END)`);
    await db.query(
      `CREATE UNIQUE INDEX app_user_customer ON app_user (organisation_id, reference) WHERE kind = 'customer'`,
    );
    await db.query(`
      ALTER TABLE session
        ADD COLUMN key_id   uuid,
        ADD COLUMN event_id uuid,
        ADD COLUMN origin   text,
        ADD CONSTRAINT session_bound_whole CHECK (num_nulls(key_id, event_id, origin) IN (0, 3))`);
    await db.query(`
      ALTER TABLE member
        DROP CONSTRAINT member_permissions,
        ADD CONSTRAINT member_permissions CHECK (permissions <@ ARRAY['events', 'prices', 'people', 'refunds', 'money', 'box-office',
                                                                  'sell', 'door', 'settings', 'members'])`);
  }

  /** Customers stay as people who were erased, since bookings point to them; nobody can have the permission any more. */
  async down(db: QueryRunner): Promise<void> {
    await db.query(
      `UPDATE member SET permissions = array_remove(permissions, 'sell') WHERE 'sell' = ANY (permissions)`,
    );
    await db.query(`
      ALTER TABLE member
        DROP CONSTRAINT member_permissions,
        ADD CONSTRAINT member_permissions CHECK (permissions <@ ARRAY['events', 'prices', 'people', 'refunds', 'money', 'box-office',
                                                                  'door', 'settings', 'members'])`);
    await db.query(`DELETE FROM session WHERE key_id IS NOT NULL`);
    await db.query('ALTER TABLE session DROP COLUMN key_id, DROP COLUMN event_id, DROP COLUMN origin');
    await db.query(`
      UPDATE app_user SET deleted_at = clock_timestamp(), name = NULL, reference = NULL, contact_email = NULL, locked_at = NULL, locked_reason = NULL
      WHERE kind = 'customer' AND deleted_at IS NULL`);
    await db.query(`
      ALTER TABLE app_user
        DROP CONSTRAINT app_user_whole_or_erased,
        DROP COLUMN kind, DROP COLUMN organisation_id, DROP COLUMN reference, DROP COLUMN contact_email,
        ADD CONSTRAINT app_user_whole_or_erased CHECK (
          (deleted_at IS NULL AND num_nulls(email, name) = 0) OR
          (deleted_at IS NOT NULL AND num_nonnulls(email, name, password_hash, email_verified_at) = 0))`);
  }
}
