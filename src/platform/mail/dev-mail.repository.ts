import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Raw, Repository } from 'typeorm';
import { DatabaseService } from '../database/database.service.js';
import type { Tx } from '../database/tx.js';
import { DevMailEntity } from './dev-mail.entity.js';
import type { Attached } from './dev-mail.page.js';
import { DevMailAttachmentEntity } from './dev-mail-attachment.entity.js';
import type { Mail, Mailbox } from './mailbox.js';

const KEPT = 1_000;

/** Addresses are the same in any case. */
const isFor = (to: string) => ({ to: Raw((column) => `lower(${column}) = lower(:to)`, { to }) });

/** The mailbox used when no SMTP server is configured: the last 1,000 mails in a table, read at `/dev/mail`. */
@Injectable()
export class DevMailRepository implements Mailbox {
  constructor(
    @InjectRepository(DevMailEntity) private readonly mails: Repository<DevMailEntity>,
    @InjectRepository(DevMailAttachmentEntity)
    private readonly files: Repository<DevMailAttachmentEntity>,
    private readonly database: DatabaseService,
  ) {}

  async deliver(id: string, { to, subject, text, html, attachments = [] }: Mail): Promise<void> {
    // One that is removed for one that is stored: both parts see the table as it was before. The lock keeps whoever
    // erases the recipient waiting, and a mail that is erased already is not stored.
    await this.database.statement(
      'dev_mail.insert',
      `WITH wanted AS (SELECT id FROM mail WHERE id = $1 FOR KEY SHARE), stored AS (
         INSERT INTO dev_mail (id, recipient, subject, body_text, body_html)
         SELECT id, $2, $3, $4, $5 FROM wanted ON CONFLICT DO NOTHING RETURNING id
       ), attached AS (
         INSERT INTO dev_mail_attachment (mail_id, no, filename, content_type, content)
         SELECT stored.id, a.no - 1, a.filename, a.content_type, a.content
         FROM stored, unnest($7::text[], $8::text[], $9::bytea[]) WITH ORDINALITY AS a (filename, content_type, content, no)
       )
       DELETE FROM dev_mail WHERE id <= (SELECT id FROM dev_mail ORDER BY id DESC OFFSET $6 LIMIT 1)`,
      [
        id,
        to,
        subject,
        text,
        html,
        KEPT - 1,
        attachments.map(({ filename }) => filename),
        attachments.map(({ contentType }) => contentType),
        attachments.map(({ content }) => Buffer.from(content)),
      ],
    );
  }

  /** Forgets these mails, and all to this address: the record of a mail ends before the mail does. */
  async forget(tx: Tx, ids: string[], recipient: string | null): Promise<void> {
    await tx.delete(DevMailEntity, [{ id: In(ids) }, ...(recipient === null ? [] : [isFor(recipient)])]);
  }

  /** Newest first; with `to` only mail to that address. */
  list(to?: string): Promise<DevMailEntity[]> {
    return this.mails.find({ where: to === undefined ? {} : isFor(to), order: { id: 'DESC' }, take: 200 });
  }

  find(id: string): Promise<DevMailEntity | null> {
    return this.mails.findOneBy({ id });
  }

  /** Names and sizes, in the order of each mail. */
  attachments(mailIds: readonly string[]): Promise<(Attached & { mailId: string })[]> {
    return this.database.statement<Attached & { mailId: string }>(
      'dev_mail.attachments',
      `SELECT mail_id AS "mailId", no, filename, content_type AS "contentType", length(content) AS size
       FROM dev_mail_attachment WHERE mail_id = ANY ($1) ORDER BY mail_id, no`,
      [mailIds],
    );
  }

  /** With its content. */
  attachment(mailId: string, no: number): Promise<DevMailAttachmentEntity | null> {
    return this.files.findOne({
      select: { mailId: true, no: true, filename: true, contentType: true, content: true },
      where: { mailId, no },
    });
  }
}
