import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '../common/domain-error.js';
import { readPageById } from '../common/pages.js';
import { MetersService } from '../observability/meters.service.js';
import { MailWorkerService } from './mail-worker.service.js';
import { type MailRecord, MailsRepository } from './mails.repository.js';
import type { MailBody, MailPage, MailQuery } from './mails.schemas.js';

/** Outgoing mail as operators see it and act on it. */
@Injectable()
export class MailOperationsService {
  private readonly log = new Logger(MailOperationsService.name);

  constructor(
    private readonly mails: MailsRepository,
    private readonly worker: MailWorkerService,
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
  async list(query: MailQuery): Promise<MailPage> {
    const page = await readPageById(query, (count, before) => this.mails.page(query, count, before));
    return { ...page, data: page.data.map(body) };
  }

  /** Tries one again, now. Errors: `not_found`, `mail_settled`. */
  async retry(id: string): Promise<MailBody> {
    const retried = await this.mails.retry(id);
    const mail = await this.mails.find(id);
    if (!mail) throw new DomainError('not_found');
    if (!retried) throw new DomainError('mail_settled');
    this.worker.nudge();
    this.log.log({ mail: id }, 'A mail is tried again by an operator');
    return body(mail);
  }
}

const body = ({ dueAt, createdAt, settledAt, ...mail }: MailRecord): MailBody => ({
  ...mail,
  dueAt: mail.state === 'pending' ? dueAt.toISOString() : null,
  createdAt: createdAt.toISOString(),
  settledAt: settledAt?.toISOString() ?? null,
});
