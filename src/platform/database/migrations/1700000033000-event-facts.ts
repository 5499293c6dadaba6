import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When people are let in to an event, how old they must be, and how long it takes: each may be unsaid. */
export class EventFacts1700000033000 implements MigrationInterface {
  readonly name = 'EventFacts1700000033000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE event
        ADD COLUMN doors_at         timestamptz,
        ADD COLUMN min_age          int CONSTRAINT event_min_age CHECK (min_age BETWEEN 0 AND 99),
        ADD COLUMN duration_minutes int CONSTRAINT event_duration CHECK (duration_minutes BETWEEN 1 AND 10080)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      'ALTER TABLE event DROP COLUMN doors_at, DROP COLUMN min_age, DROP COLUMN duration_minutes',
    );
  }
}
