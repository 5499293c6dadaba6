import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '../common/domain-error.js';
import { newId } from '../common/ids.js';
import { type Page, type PageQuery, readPageById } from '../common/pages.js';
import { DatabaseService } from '../database/database.service.js';
import { afterCommit } from '../database/tx.js';
import { MetersService } from '../observability/meters.service.js';
import { MailComposers } from './mail-composers.js';
import type { Envelope, MailJob } from './mail-map.js';
import { MailWorkerService } from './mail-worker.service.js';
import type { Mail } from './mailbox.js';
import { type MailFilter, type MailRecord, MailsRepository } from './mails.repository.js';

export { MAIL_STATES } from './mails.repository.js';

/** A mail with recipient and subject; without them when nobody is there to get it any more. */
export type AddressedMail = MailRecord & { readonly envelope: Envelope | undefined };

/** Outgoing mail as operators see it and act on it. */
@Injectable()
export class MailOperationsService {
  private readonly log = new Logger(MailOperationsService.name);

  constructor(
    private readonly mails: MailsRepository,
    private readonly worker: MailWorkerService,
    private readonly composers: MailComposers,
    private readonly database: DatabaseService,
    meters: MetersService,
  ) {
    meters.installation(
      'mails',
      [
        { name: 'evently_mails', help: 'Mails that wait to be sent or have failed, by state' },
        {
          name: 'evently_mail_overdue_seconds',
          help: 'Seconds that the oldest due mail has waited',
        },
      ],
      async () => {
        const found = await this.mails.countOpen();
        return [
          found.map(({ state, count }) => ({ labels: { state }, value: count })),
          [{ value: found.find(({ state }) => state === 'pending')?.seconds ?? 0 }],
        ];
      },
    );
  }

  /** Newest first. Errors: `invalid_cursor`. */
  async list(query: MailFilter & PageQuery): Promise<Page<AddressedMail>> {
    const page = await readPageById(query, (count, before) => this.mails.page(query, count, before));
    return { ...page, data: await Promise.all(page.data.map((mail) => this.addressed(mail))) };
  }

  /**
   * A mail as it would be written now, without what its links and attachments give away.
   * Errors: `not_found`, `mail_not_repeatable`.
   */
  async preview(id: string): Promise<Mail> {
    const mail = await this.addressed(await this.find(id));
    const composed = mail.envelope && (await this.composers.compose({ ...jobOf(mail), preview: true }));
    if (!composed) throw new DomainError('mail_not_repeatable');
    return composed;
  }

  /** Tries one again, now. Errors: `not_found`, `mail_settled`. */
  async retry(id: string): Promise<AddressedMail> {
    const retried = await this.mails.retry(id);
    const mail = await this.find(id);
    if (!retried) throw new DomainError('mail_settled');
    this.worker.nudge();
    this.log.log({ mail: id }, 'A mail is tried again by an operator');
    return this.addressed(mail);
  }

  /**
   * Sends one that was sent, dropped or given up once more: a new mail, since mailboxes hide a second one with the same id.
   * Errors: `not_found`, `mail_under_way`, `mail_not_repeatable`.
   */
  async repeat(id: string): Promise<AddressedMail> {
    const mail = await this.find(id);
    if (mail.state === 'pending') throw new DomainError('mail_under_way');
    if (!(await this.addressed(mail)).envelope) throw new DomainError('mail_not_repeatable');
    const copy = newId();
    await this.database.transaction(async (tx) => {
      await this.mails.insertCopy(tx, copy, mail);
      afterCommit(tx, () => this.worker.nudge());
    });
    this.log.log({ mail: id, copy }, 'A mail is sent once more by an operator');
    return this.addressed(await this.find(copy));
  }

  /** How many were given up. */
  async failed(): Promise<number> {
    return (await this.mails.countOpen()).find(({ state }) => state === 'failed')?.count ?? 0;
  }

  private async find(id: string): Promise<MailRecord> {
    const mail = await this.mails.find(id);
    if (!mail) throw new DomainError('not_found');
    return mail;
  }

  /** A mail of a release before is addressed to nobody once it was sent: its data was not kept. */
  private async addressed(mail: MailRecord): Promise<AddressedMail> {
    return { ...mail, envelope: await this.composers.envelope(jobOf(mail)) };
  }
}

const jobOf = ({ id, kind, userId, data }: MailRecord) => ({ id, kind, userId, data }) as MailJob;
