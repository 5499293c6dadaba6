import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service.js';
import type { Tx } from '../database/tx.js';
import type { Mail, Mailbox } from './mailbox.js';

const KEPT = 1_000;

export interface StoredMail extends Mail {
  id: string;
  sentAt: Date;
}

/** The mailbox used when no SMTP server is configured: the last 1,000 mails in a table, read at `/dev/mail`. */
@Injectable()
export class DevMailRepository implements Mailbox {
  constructor(private readonly database: Database) {}

  async deliver(id: string, { to, subject, text, html }: Mail): Promise<void> {
    // One that is removed for one that is stored: both parts see the table as it was before. The lock keeps whoever
    // erases the recipient waiting, and a mail that is erased already is not stored.
    await this.database.statement(
      'dev-mail-insert',
      `WITH wanted AS (SELECT id FROM mail WHERE id = $1 FOR KEY SHARE), stored AS (
         INSERT INTO dev_mail (id, recipient, subject, body_text, body_html)
         SELECT id, $2, $3, $4, $5 FROM wanted ON CONFLICT DO NOTHING
       )
       DELETE FROM dev_mail WHERE id <= (SELECT id FROM dev_mail ORDER BY id DESC OFFSET $6 LIMIT 1)`,
      [id, to, subject, text, html, KEPT - 1],
    );
  }

  /** Forgets these mails, and all to this address: the record of a mail ends before the mail does. */
  async forget(tx: Tx, ids: string[], recipient: string): Promise<void> {
    await tx.query('DELETE FROM dev_mail WHERE id = ANY ($1) OR lower(recipient) = lower($2)', [
      ids,
      recipient,
    ]);
  }

  /** Newest first; with `to` only mail to that address. */
  async list(to?: string): Promise<StoredMail[]> {
    return this.database.statement<StoredMail>(
      'dev-mail-list',
      `SELECT id, recipient AS "to", subject, body_text AS text, body_html AS html, sent_at AS "sentAt"
       FROM dev_mail WHERE $1::text IS NULL OR lower(recipient) = lower($1) ORDER BY id DESC LIMIT 200`,
      [to ?? null],
    );
  }
}
