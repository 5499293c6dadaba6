import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFunctions } from '../functions.js';

/** Facts and feed in partitions by the time in their keys: docs/decisions/partitions.md. */
export class Partitions1700000018000 implements MigrationInterface {
  readonly name = 'Partitions1700000018000';

  async up(db: QueryRunner): Promise<void> {
    await createFunctions(db, 'platform', [
      'uuid_at_v1',
      'partition_next_v1',
      'partition_make_v1',
      'fact_guard_v1',
      'partitions_ahead_v1',
      'partition_sort_v1',
    ]);
    await db.query('DROP FUNCTION fact_digest(fact)');
    await db.query(partitionFacts);
    await createFunctions(db, 'platform', ['fact_digest']);
    await db.query(partitionFeed);
    await db.query('SELECT partitions_ahead_v1(4)');
  }

  /** Copies both tables. */
  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP FUNCTION fact_digest(fact)');
    await db.query(`
      CREATE TABLE fact_plain (LIKE fact INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING IDENTITY);
      INSERT INTO fact_plain OVERRIDING SYSTEM VALUE SELECT * FROM fact;
      DROP TABLE fact;
      ALTER TABLE fact_plain RENAME TO fact;
      SELECT setval(pg_get_serial_sequence('fact', 'pos'), coalesce(max(pos), 0) + 1, false) FROM fact;
      ALTER TABLE fact ADD CONSTRAINT fact_pkey PRIMARY KEY (xid, pos),
        ADD CONSTRAINT fact_stream_version UNIQUE (stream_id, version, stream);
      CREATE TRIGGER fact_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fact
        FOR EACH STATEMENT EXECUTE FUNCTION fact_is_append_only();
      CREATE TABLE seat_feed_plain (LIKE seat_feed INCLUDING DEFAULTS);
      INSERT INTO seat_feed_plain SELECT * FROM seat_feed;
      DROP TABLE seat_feed;
      ALTER TABLE seat_feed_plain RENAME TO seat_feed;
      ALTER TABLE seat_feed ADD CONSTRAINT seat_feed_pkey PRIMARY KEY (event_id, seq)`);
    await createFunctions(db, 'platform', ['fact_digest']);
    await db.query(
      'DROP FUNCTION partition_sort_v1, partitions_ahead_v1, partition_make_v1, partition_next_v1, uuid_at_v1, fact_guard_v1',
    );
  }
}

/**
 * The existing table becomes the first partition, without being copied, up to the end of this quarter. \`_other\` takes
 * the rows that fit no partition. The order of readers (xid, pos) needs no uniqueness of its own: \`pos\` comes from
 * one sequence. Its index may have been built before, while sales went on.
 */
const partitionFacts = `
ALTER TABLE fact RENAME TO fact_first;
ALTER TABLE fact_first DROP CONSTRAINT fact_pkey;
ALTER TABLE fact_first RENAME CONSTRAINT fact_stream_version TO fact_first_stream_id_version_stream_key;
CREATE INDEX IF NOT EXISTS fact_first_order ON fact_first (xid, pos);
CREATE TABLE fact (LIKE fact_first INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING IDENTITY,
  CONSTRAINT fact_stream_version UNIQUE (stream_id, version, stream)) PARTITION BY RANGE (stream_id);
CREATE INDEX fact_order ON fact (xid, pos);
SELECT setval(pg_get_serial_sequence('fact', 'pos'), coalesce(max(pos), 0) + 1, false) FROM fact_first;
ALTER TABLE fact_first ALTER pos DROP IDENTITY;
DO $$ BEGIN
  EXECUTE format('ALTER TABLE fact ATTACH PARTITION fact_first FOR VALUES FROM (MINVALUE) TO (%L)',
                 uuid_at_v1(partition_next_v1(clock_timestamp())));
END $$;
CREATE TABLE fact_other PARTITION OF fact DEFAULT;
SELECT fact_guard_v1(name) FROM unnest('{fact, fact_other}'::text[]) AS name;`;

const partitionFeed = `
ALTER TABLE seat_feed RENAME TO seat_feed_first;
ALTER TABLE seat_feed_first RENAME CONSTRAINT seat_feed_pkey TO seat_feed_first_pkey;
CREATE TABLE seat_feed (LIKE seat_feed_first INCLUDING DEFAULTS,
  CONSTRAINT seat_feed_pkey PRIMARY KEY (event_id, seq)) PARTITION BY RANGE (event_id);
DO $$ BEGIN
  EXECUTE format('ALTER TABLE seat_feed ATTACH PARTITION seat_feed_first FOR VALUES FROM (MINVALUE) TO (%L)',
                 uuid_at_v1(partition_next_v1(clock_timestamp())));
END $$;
CREATE TABLE seat_feed_other PARTITION OF seat_feed DEFAULT;`;
