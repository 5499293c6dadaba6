import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Findings of the last audit, so that each replica can show them without looking through whole tables itself. */
export class Operations1700000011000 implements MigrationInterface {
  readonly name = 'Operations1700000011000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE audit_look (
        one      boolean     CONSTRAINT audit_look_pkey PRIMARY KEY CONSTRAINT audit_look_one CHECK (one),
        at       timestamptz NOT NULL,
        seconds  float8      NOT NULL,
        findings jsonb       NOT NULL
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE audit_look');
  }
}
