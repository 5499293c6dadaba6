import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFunctions } from '../functions.js';

/** One row once a backup was restored: the epoch of the feeds is another one then, also in the same database. */
export class FeedSalt1700000014000 implements MigrationInterface {
  readonly name = 'FeedSalt1700000014000';

  async up(db: QueryRunner): Promise<void> {
    await db.query('CREATE TABLE feed_salt (salt text NOT NULL)');
    await createFunctions(db, 'inventory', ['feed_epoch_v1'], {
      SALT: `(SELECT string_agg(salt, '') FROM feed_salt)`,
    });
  }

  async down(db: QueryRunner): Promise<void> {
    await createFunctions(db, 'inventory', ['feed_epoch_v1'], { SALT: 'NULL' });
    await db.query('DROP TABLE feed_salt');
  }
}
