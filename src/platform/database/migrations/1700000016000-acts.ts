import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFunctions } from '../functions.js';

/** Acts of organizers, administrators and operators, kept so that nobody can change them. */
export class Acts1700000016000 implements MigrationInterface {
  readonly name = 'Acts1700000016000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE act (
        id             uuid        NOT NULL,
        at             timestamptz NOT NULL DEFAULT clock_timestamp(),
        -- null: somebody at the command line
        actor          uuid,
        role           text        NOT NULL,
        action         text        NOT NULL,
        target         uuid,
        -- members of the request that say what was decided; never free text of people
        said           jsonb       NOT NULL,
        correlation_id text,
        CONSTRAINT act_pkey PRIMARY KEY (id)
      )`);
    await db.query('CREATE INDEX act_by_actor ON act (actor, id)');
    await db.query('CREATE INDEX act_on_target ON act (target, id)');
    await db.query(`
      CREATE TABLE act_outcome (
        act_id uuid        NOT NULL,
        status smallint    NOT NULL,
        at     timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT act_outcome_pkey PRIMARY KEY (act_id),
        CONSTRAINT act_outcome_act FOREIGN KEY (act_id) REFERENCES act (id)
      )`);
    await createFunctions(db, 'auth', ['act_is_append_only']);
    for (const table of ['act', 'act_outcome'])
      await db.query(`
        CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION act_is_append_only()`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE act_outcome, act');
    await db.query('DROP FUNCTION act_is_append_only');
  }
}
