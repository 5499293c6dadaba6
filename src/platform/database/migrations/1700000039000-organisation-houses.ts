import type { MigrationInterface, QueryRunner } from 'typeorm';
import { mendFunctions } from '../functions.js';

/** Name, look and legal texts that an organisation has of its own; what it leaves out is that of the house. */
export class OrganisationHouses1700000039000 implements MigrationInterface {
  readonly name = 'OrganisationHouses1700000039000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE organisation_house (
        organisation_id uuid        NOT NULL,
        name            text,
        accent          text,
        links           jsonb       NOT NULL,
        imprint         jsonb       NOT NULL,
        privacy         jsonb       NOT NULL,
        terms           jsonb       NOT NULL,
        vat             jsonb       NOT NULL,
        logo            bytea,
        logo_type       text,
        logo_hash       text,
        version         int         NOT NULL DEFAULT 1,
        created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT organisation_house_pkey PRIMARY KEY (organisation_id),
        CONSTRAINT organisation_house_of_organisation FOREIGN KEY (organisation_id) REFERENCES organisation (id)
      )`);
    await mendFunctions(db, 'auth', ['membership_follows_role']);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE organisation_house');
  }
}
