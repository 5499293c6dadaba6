import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Name, look and duties of the house that sells: one row, which is there from the start. */
export class House1700000032000 implements MigrationInterface {
  readonly name = 'House1700000032000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE house (
        id         smallint    NOT NULL,
        name       text        NOT NULL,
        accent     text,
        links      jsonb       NOT NULL,
        imprint    jsonb       NOT NULL,
        privacy    jsonb       NOT NULL,
        terms      jsonb       NOT NULL,
        vat        jsonb       NOT NULL,
        logo       bytea,
        logo_type  text,
        logo_hash  text,
        version    int         NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT house_pkey PRIMARY KEY (id),
        CONSTRAINT house_once CHECK (id = 1)
      )`);
    const none = `'{"de": null, "en": null}'`;
    await db.query(`
      INSERT INTO house (id, name, links, imprint, privacy, terms, vat)
      VALUES (1, 'Evently', '[]', ${none}, ${none}, ${none}, ${none})`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE house');
  }
}
