import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Paid sales are told of by a reader of their own. It begins where `notifications` stands: of what that has not read yet,
 * it leaves the paid sales to this one.
 */
export class SaleNotifications1700000029000 implements MigrationInterface {
  readonly name = 'SaleNotifications1700000029000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(
      `INSERT INTO fact_cursor (handler, seen, until, pos)
       SELECT 'sale-notifications', seen, until, pos FROM fact_cursor WHERE handler = 'notifications'`,
    );
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DELETE FROM fact_cursor WHERE handler = 'sale-notifications'`);
  }
}
