import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFunctions } from '../functions.js';
import { inventoryTables } from './inventory/tables.js';

/** Seats, areas, bookings, the feed, and the functions that change them. */
export class Inventory1700000004000 implements MigrationInterface {
  readonly name = 'Inventory1700000004000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(inventoryTables);
    await createFunctions(db, 'inventory', [
      'inventory_follows_event',
      'inventory_price_v1',
      'inventory_follows_prices',
    ]);
    await createFunctions(db, 'inventory', ['feed_epoch_v1'], { SALT: 'NULL' });
    await createFunctions(db, 'inventory', [
      'feed_since_v1',
      'feed_append_v1',
      'kept_until_v1',
      'lapsed_until_v1',
      'seat_open_v1',
      'items_move_v1',
      'area_kept_end_v1',
      'bookings_expire_v1',
      'inventory_sweep_v1',
      'seats_block_v1',
      'booking_change_v1',
      'seats_pick_v1',
      'seats_like_v1',
      'booking_restore_v1',
      'hold_batch_v1',
    ]);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION hold_batch_v1, booking_restore_v1, seats_like_v1, seats_pick_v1, booking_change_v1, seats_block_v1, inventory_sweep_v1,
        bookings_expire_v1, area_kept_end_v1, items_move_v1, seat_open_v1, lapsed_until_v1, kept_until_v1, feed_append_v1,
        feed_since_v1, feed_epoch_v1;
      DROP TRIGGER inventory_follows_event ON event;
      DROP TRIGGER inventory_follows_new_prices ON price_tier;
      DROP TRIGGER inventory_follows_changed_prices ON price_tier;
      DROP TRIGGER inventory_follows_removed_prices ON price_tier;
      DROP FUNCTION inventory_follows_event, inventory_follows_prices, inventory_price_v1;
      DROP TABLE seat_feed, booking_item, booking, area_kept, area, seat, inventory`);
  }
}
