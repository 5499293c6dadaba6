import { Injectable } from '@nestjs/common';
import { PeopleService } from '../../auth/accounts/people.service.js';
import { type AddressedMail, MailOperationsService } from '../../platform/mail/mail-operations.service.js';
import type { MailBody, MailPage, MailPreview, MailQuery } from './mails.schemas.js';

/** Outgoing mail as administrators see it: with recipients, which nobody else is shown. */
@Injectable()
export class OperatorMailsService {
  constructor(
    private readonly mails: MailOperationsService,
    private readonly people: PeopleService,
  ) {}

  /** Newest first. Errors: `invalid_cursor`. */
  async list({ to, userId, ...query }: MailQuery): Promise<MailPage> {
    const found = to === undefined ? undefined : await this.people.byEmail(to);
    const userIds = userId === undefined ? found : [userId].filter((id) => found?.includes(id) ?? true);
    const page = await this.mails.list({ ...query, ...(userIds && { userIds }) });
    return { ...page, data: page.data.map(toBody) };
  }

  /** Errors: `not_found`, `mail_not_repeatable`. */
  async preview(id: string): Promise<MailPreview> {
    const { to, subject, text, html, attachments = [] } = await this.mails.preview(id);
    const named = attachments.map(({ filename, contentType }) => ({ filename, contentType }));
    return { to, subject, text, html, attachments: named };
  }

  /** Errors: `not_found`, `mail_settled`. */
  async retry(id: string): Promise<MailBody> {
    return toBody(await this.mails.retry(id));
  }

  /** Errors: `not_found`, `mail_under_way`, `mail_not_repeatable`. */
  async repeat(id: string): Promise<MailBody> {
    return toBody(await this.mails.repeat(id));
  }
}

const toBody = (mail: AddressedMail): MailBody => ({
  id: mail.id,
  kind: mail.kind,
  userId: mail.userId,
  to: mail.envelope?.to ?? null,
  subject: mail.envelope?.subject ?? null,
  state: mail.state,
  attempts: mail.attempts,
  dueAt: mail.state === 'pending' ? mail.dueAt.toISOString() : null,
  lastError: mail.lastError,
  createdAt: mail.createdAt.toISOString(),
  settledAt: mail.settledAt?.toISOString() ?? null,
});
