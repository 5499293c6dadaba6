import type { MigrationInterface, QueryRunner } from 'typeorm';
import { mendFunctions } from '../functions.js';

/** A sale that begins at another time, is called off or over is told of in the feed of the seats. */
export class SaleInFeed1700000030100 implements MigrationInterface {
  readonly name = 'SaleInFeed1700000030100';

  async up(db: QueryRunner): Promise<void> {
    await mendFunctions(db, 'inventory', ['inventory_follows_event']);
  }

  /** The release before works with such rows: they are those of changed prices. */
  async down(): Promise<void> {}
}
