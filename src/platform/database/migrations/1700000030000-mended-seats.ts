import type { MigrationInterface, QueryRunner } from 'typeorm';
import { mendFunctions } from '../functions.js';

/** Accessible seats come last also where they are neighbours; only seats that were blocked are told of as unblocked. */
export class MendedSeats1700000030000 implements MigrationInterface {
  readonly name = 'MendedSeats1700000030000';

  async up(db: QueryRunner): Promise<void> {
    await mendFunctions(db, 'inventory', ['seats_pick_v1', 'seats_block_v1']);
  }

  /** The release before works with the mended functions. */
  async down(): Promise<void> {}
}
