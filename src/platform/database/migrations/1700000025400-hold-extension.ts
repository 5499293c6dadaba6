import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFunctions } from '../functions.js';

/** Nobody holds seats past the end of their sale by asking for more time. */
export class HoldExtension1700000025400 implements MigrationInterface {
  readonly name = 'HoldExtension1700000025400';

  async up(db: QueryRunner): Promise<void> {
    await createFunctions(db, 'inventory', ['booking_extend_v1']);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP FUNCTION booking_extend_v1');
  }
}
