import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFunctions } from '../functions.js';

/** Events and keys for trying things out, and how often each key is used. */
export class Sandbox1700000037000 implements MigrationInterface {
  readonly name = 'Sandbox1700000037000';

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE event ADD COLUMN sandbox boolean NOT NULL DEFAULT false');
    await db.query(`
      ALTER TABLE api_key ADD COLUMN test boolean NOT NULL DEFAULT false,
                          ADD COLUMN requests bigint NOT NULL DEFAULT 0`);
    await createFunctions(db, 'events', ['event_sandbox_stays']);
    await createFunctions(db, 'payments', ['sandbox_takes_no_money']);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TRIGGER sandbox_takes_no_money ON payment');
    await db.query('DROP TRIGGER event_sandbox_stays ON event');
    await db.query('DROP FUNCTION sandbox_takes_no_money, event_sandbox_stays');
    await db.query('ALTER TABLE event DROP COLUMN sandbox');
    await db.query('ALTER TABLE api_key DROP COLUMN test, DROP COLUMN requests');
  }
}
