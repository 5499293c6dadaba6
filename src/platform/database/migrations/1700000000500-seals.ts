import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFunctions } from '../functions.js';

/** Seals over the facts: docs/decisions/sealed-facts.md. */
export class Seals1700000000500 implements MigrationInterface {
  readonly name = 'Seals1700000000500';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE fact_seal (
        no        bigint      NOT NULL,
        positions bigint[]    NOT NULL,
        digests   bytea[]     NOT NULL,
        previous  bytea       NOT NULL,
        hash      bytea       NOT NULL,
        sealed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT fact_seal_pkey PRIMARY KEY (no),
        CONSTRAINT fact_seal_entries CHECK (cardinality(positions) = cardinality(digests) AND cardinality(positions) > 0)
      )`);
    await db.query(`
      CREATE TRIGGER fact_seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fact_seal
      FOR EACH STATEMENT EXECUTE FUNCTION fact_is_append_only()`);
    await createFunctions(db, 'platform', ['fact_digest', 'fact_seal_hash', 'fact_seal_v1']);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP FUNCTION fact_seal_v1, fact_seal_hash, fact_digest');
    await db.query('DROP TABLE fact_seal');
  }
}
