import type { MigrationInterface, QueryRunner } from 'typeorm';
import { factDigest } from './1700000000500-seals.js';

/** Facts and feed in partitions by the time in their keys: docs/decisions/partitions.md. */
export class Partitions1700000018000 implements MigrationInterface {
  readonly name = 'Partitions1700000018000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(functions);
    await db.query('DROP FUNCTION fact_digest(fact)');
    await db.query(partitionFacts);
    await db.query(factDigest);
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
    await db.query(factDigest);
    await db.query(
      'DROP FUNCTION partition_sort_v1, partitions_ahead_v1, partition_make_v1, partition_next_v1, uuid_at_v1, fact_guard_v1',
    );
  }
}

const functions = `
-- The lowest UUIDv7 of a moment.
CREATE FUNCTION uuid_at_v1(p_at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM p_at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- The beginning of the quarter after the one of a moment.
CREATE FUNCTION partition_next_v1(p_at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
  SELECT (date_trunc('quarter', p_at AT TIME ZONE 'UTC') + interval '3 months') AT TIME ZONE 'UTC'
$$;

-- Makes the partition of the quarter that begins then; false when it is there, or when the guard has rows of that quarter.
CREATE FUNCTION partition_make_v1(p_table text, p_key text, p_quarter timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  v_name text := p_table || to_char(p_quarter AT TIME ZONE 'UTC', '_YYYY"q"Q');
  v_from uuid := uuid_at_v1(p_quarter);
  v_to uuid := uuid_at_v1(partition_next_v1(p_quarter));
  v_late boolean;
BEGIN
  IF to_regclass(v_name) IS NOT NULL THEN RETURN false; END IF;
  EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I >= $1 AND %I < $2)', p_table || '_other', p_key, p_key)
    INTO v_late USING v_from, v_to;
  IF v_late THEN RETURN false; END IF;
  -- Attached and not made in place, which would lock the whole table against its readers.
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', v_name, p_table);
  IF p_table = 'fact' THEN PERFORM fact_guard_v1(v_name); END IF;
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', p_table, v_name, v_from, v_to);
  RETURN true;
END $$;

-- A statement on the parent does not call the triggers of its partitions, nor the other way round.
CREATE FUNCTION fact_guard_v1(p_table text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER fact_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
                  FOR EACH STATEMENT EXECUTE FUNCTION fact_is_append_only()', p_table);
END $$;

-- Partitions of the coming quarters; returns how many were made. It rather fails than keeps a sale waiting for a lock.
CREATE FUNCTION partitions_ahead_v1(p_quarters int) RETURNS int LANGUAGE plpgsql SET lock_timeout = '200ms' AS $$
DECLARE
  v_quarter timestamptz := clock_timestamp();
  v_made int := 0;
BEGIN
  FOR i IN 1..p_quarters LOOP
    v_quarter := partition_next_v1(v_quarter);
    v_made := v_made + partition_make_v1('fact', 'stream_id', v_quarter)::int
                     + partition_make_v1('seat_feed', 'event_id', v_quarter)::int;
  END LOOP;
  RETURN v_made;
END $$;

-- For operators, after nobody made partitions for long: moves what came to the default partition into those of its
-- quarters; returns how many rows. Locks the table against everybody meanwhile.
CREATE FUNCTION partition_sort_v1(p_table text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  v_key text := CASE p_table WHEN 'fact' THEN 'stream_id' ELSE 'event_id' END;
  v_other text := p_table || '_other';
  v_left text := p_table || '_left';
  v_quarter timestamptz;
  v_moved bigint;
BEGIN
  EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', p_table, v_other);
  EXECUTE format('ALTER TABLE %I RENAME TO %I', v_other, v_left);
  EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', v_other, p_table);
  IF p_table = 'fact' THEN PERFORM fact_guard_v1(v_other); END IF;
  FOR v_quarter IN EXECUTE format(
    $q$SELECT DISTINCT date_trunc('quarter', uuid_extract_timestamp(%I) AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
       FROM %I WHERE uuid_extract_timestamp(%I) < clock_timestamp() + interval '1 year'$q$, v_key, v_left, v_key)
  LOOP
    PERFORM partition_make_v1(p_table, v_key, v_quarter);
  END LOOP;
  EXECUTE format('INSERT INTO %I OVERRIDING SYSTEM VALUE SELECT * FROM %I', p_table, v_left);
  GET DIAGNOSTICS v_moved = ROW_COUNT;
  EXECUTE format('DROP TABLE %I', v_left);
  RETURN v_moved;
END $$;`;

/**
 * What there is becomes the first partition, without being copied, up to the end of this quarter. \`_other\` takes whatever
 * no partition wants. The order of readers (xid, pos) needs no uniqueness of its own: \`pos\` comes from one sequence.
 * Its index may have been made before, while sales went on.
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
