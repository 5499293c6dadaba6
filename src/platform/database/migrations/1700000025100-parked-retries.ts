import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A stream that fails is set aside at its first failure and tried again by itself, until it has failed ten times. */
export class ParkedRetries1700000025100 implements MigrationInterface {
  readonly name = 'ParkedRetries1700000025100';

  async up(db: QueryRunner): Promise<void> {
    // Null: it waits for an operator, as all do that the release before parks.
    await db.query('ALTER TABLE fact_parked ADD COLUMN retry_at timestamptz');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE fact_parked DROP COLUMN retry_at');
  }
}
