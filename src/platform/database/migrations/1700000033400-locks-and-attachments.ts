import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts can be locked, with a reason; the development mailbox keeps what is attached to a mail. */
export class LocksAndAttachments1700000033400 implements MigrationInterface {
  readonly name = 'LocksAndAttachments1700000033400';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE app_user
        ADD COLUMN locked_at     timestamptz,
        ADD COLUMN locked_reason text,
        ADD CONSTRAINT app_user_lock CHECK ((locked_at IS NULL) = (locked_reason IS NULL))`);
    await db.query(`
      CREATE TABLE dev_mail_attachment (
        mail_id      uuid     NOT NULL,
        no           smallint NOT NULL,
        filename     text     NOT NULL,
        content_type text     NOT NULL,
        content      bytea    NOT NULL,
        CONSTRAINT dev_mail_attachment_pkey PRIMARY KEY (mail_id, no),
        CONSTRAINT dev_mail_attachment_mail FOREIGN KEY (mail_id) REFERENCES dev_mail (id) ON DELETE CASCADE
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE dev_mail_attachment');
    await db.query('ALTER TABLE app_user DROP COLUMN locked_at, DROP COLUMN locked_reason');
  }
}
