import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFunctions, mendFunctions } from '../functions.js';

/** Sales can be paused. */
export class SalePause1700000034000 implements MigrationInterface {
  readonly name = 'SalePause1700000034000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE event ADD COLUMN IF NOT EXISTS sale_paused_at timestamptz,
                        ADD COLUMN IF NOT EXISTS sale_pause_reason text`);
    await createFunctions(db, 'waitlist', ['kept_renew_v1']);
    await mendFunctions(db, 'inventory', ['inventory_follows_event']);
  }

  /** Columns and trigger stay: the release before works with them, and for it a paused sale has not begun. */
  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP FUNCTION kept_renew_v1');
  }
}
