import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a backup was restored: versions count again from there what calendars may have seen already. */
export class RestoredAt1700000027000 implements MigrationInterface {
  readonly name = 'RestoredAt1700000027000';

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE feed_salt ADD restored_at timestamptz NOT NULL DEFAULT clock_timestamp()');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE feed_salt DROP restored_at');
  }
}
