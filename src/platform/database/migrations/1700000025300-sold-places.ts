import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SEAT } from '../../common/seat-states.js';

/** Number of sold places, separate from places that are not free: held and blocked seats make no event popular. */
export class SoldPlaces1700000025300 implements MigrationInterface {
  readonly name = 'SoldPlaces1700000025300';

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE event_listing ADD COLUMN sold_places int NOT NULL DEFAULT 0');
    await db.query(`
      UPDATE event_listing l SET sold_places =
        (SELECT count(*) FROM seat s WHERE s.event_id = l.event_id AND s.state = ${SEAT.BOOKED})
        + (SELECT coalesce(sum(a.booked), 0) FROM area a WHERE a.event_id = l.event_id)
       WHERE places > free_places`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE event_listing DROP COLUMN sold_places');
  }
}
