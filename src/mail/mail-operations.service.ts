import { Injectable, Logger } from '@nestjs/common';
import { z } from 'zod';
import { DomainError } from '../common/domain-error.js';
import { decodeCursor, encodeCursor } from '../common/schemas.js';
import { Meters } from '../observability/meters.service.js';
import { MailWorker } from './mail-worker.service.js';
import { type MailRecord, MailsRepository } from './mails.repository.js';
import type { MailBody, MailPage, MailQuery } from './mails.schemas.js';

const position = z.tuple([z.uuid()]);

/** What operators see of mail, and do with it. */
@Injectable()
export class MailOperations {
  private readonly log = new Logger(MailOperations.name);

  constructor(
    private readonly mails: MailsRepository,
    private readonly worker: MailWorker,
    meters: Meters,
  ) {
    meters.installation(
      'mails',
      [
        { name: 'evently_mails', help: 'Mails that wait to be sent, and those that could not be' },
        {
          name: 'evently_mail_overdue_seconds',
          help: 'For how long the oldest mail that is due has waited',
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
  async list({ limit, cursor, ...filter }: MailQuery): Promise<MailPage> {
    const before = cursor === undefined ? null : decodeCursor(cursor, position)[0];
    const rows = await this.mails.page(filter, limit + 1, before);
    const shown = rows.slice(0, limit);
    return { data: shown.map(body), next: rows.length > limit ? encodeCursor([shown.at(-1)!.id]) : null };
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
