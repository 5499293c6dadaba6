import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFunctions } from '../functions.js';
import { waitlistTable } from './waitlist/table.js';

/** Who waits for seats of sold-out events, and how freed seats become offers to them. */
export class Waitlist1700000008000 implements MigrationInterface {
  readonly name = 'Waitlist1700000008000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(waitlistTable);
    await createFunctions(db, 'waitlist', ['area_kept_take_v1', 'kept_end_v1', 'entries_stop_waiting_v1']);
    await createFunctions(db, 'inventory', ['buyer_items_v1']);
    await createFunctions(db, 'waitlist', [
      'offers_end_v1',
      'waitlist_join_v1',
      'waitlist_leave_v1',
      'waitlist_close_v1',
      'waitlist_offer_v1',
      'waitlist_settle_v1',
    ]);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION waitlist_settle_v1, waitlist_offer_v1, waitlist_close_v1, waitlist_leave_v1, waitlist_join_v1,
        offers_end_v1, entries_stop_waiting_v1, buyer_items_v1, area_kept_take_v1, kept_end_v1;
      DROP TABLE waitlist_entry`);
  }
}
