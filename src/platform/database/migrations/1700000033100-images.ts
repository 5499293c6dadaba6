import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pictures that were uploaded, each once by the digest of what was sent, in the sizes in which they are shown. */
export class Images1700000033100 implements MigrationInterface {
  readonly name = 'Images1700000033100';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE image (
        hash         text        NOT NULL,
        created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
        unused_since timestamptz,
        CONSTRAINT image_pkey PRIMARY KEY (hash)
      )`);
    await db.query(`
      CREATE TABLE image_file (
        hash   text  NOT NULL,
        type   text  NOT NULL,
        width  int   NOT NULL,
        height int   NOT NULL,
        bytes  bytea NOT NULL,
        CONSTRAINT image_file_pkey PRIMARY KEY (hash, type, width),
        CONSTRAINT image_file_image FOREIGN KEY (hash) REFERENCES image (hash) ON DELETE CASCADE,
        CONSTRAINT image_file_type CHECK (type IN ('webp', 'jpeg'))
      )`);
    // Pictures are packed already.
    await db.query('ALTER TABLE image_file ALTER COLUMN bytes SET STORAGE EXTERNAL');
    await db.query('ALTER TABLE event ADD COLUMN image jsonb');
    await db.query(`CREATE INDEX event_by_image ON event ((image ->> 'hash')) WHERE image IS NOT NULL`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE event DROP COLUMN image');
    await db.query('DROP TABLE image_file, image');
  }
}
