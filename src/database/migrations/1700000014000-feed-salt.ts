import type { MigrationInterface, QueryRunner } from 'typeorm';
import { feedEpoch } from './inventory/changes-v1.js';

/** One row once a backup was restored: the epoch of the feeds is another one then, also in the same database. */
export class FeedSalt1700000014000 implements MigrationInterface {
  readonly name = 'FeedSalt1700000014000';

  async up(db: QueryRunner): Promise<void> {
    await db.query('CREATE TABLE feed_salt (salt text NOT NULL)');
    await db.query(feedEpoch(`(SELECT string_agg(salt, '') FROM feed_salt)`));
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(feedEpoch());
    await db.query('DROP TABLE feed_salt');
  }
}
