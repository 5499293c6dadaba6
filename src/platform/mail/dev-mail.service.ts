import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/domain-error.js';
import type { Locale } from '../common/locale.js';
import { INBOX_SCRIPT, inboxPage, type OpenedMail } from './dev-mail.page.js';
import { DevMailRepository } from './dev-mail.repository.js';
import type { DevMailAttachmentEntity } from './dev-mail-attachment.entity.js';

export interface InboxQuery {
  readonly to?: string;
  readonly mail?: string;
  readonly view?: 'html' | 'text';
}

@Injectable()
export class DevMailService {
  /** Script of the page. */
  readonly script = INBOX_SCRIPT;

  constructor(private readonly mails: DevMailRepository) {}

  async list(to?: string): Promise<OpenedMail[]> {
    const mails = await this.mails.list(to);
    const attachments = await this.mails.attachments(mails.map(({ id }) => id));
    return mails.map((mail) => ({
      ...mail,
      attachments: attachments
        .filter(({ mailId }) => mailId === mail.id)
        .map(({ mailId: _, ...file }) => file),
    }));
  }

  /** The mailbox for people. */
  async page({ to, mail, view = 'html' }: InboxQuery, locale: Locale): Promise<string> {
    const mails = await this.list(to === '' ? undefined : to);
    const open = mail === undefined ? mails[0] : mails.find(({ id }) => id === mail);
    return inboxPage({
      locale,
      mails,
      asked: mail !== undefined,
      view,
      ...(to && { to }),
      ...(open && { open }),
    });
  }

  /** A mail as it was sent; its links open in a window of their own. Errors: `not_found`. */
  async html(id: string): Promise<string> {
    const mail = await this.mails.find(id);
    if (!mail) throw new DomainError('not_found');
    return mail.html.replace('<head>', '<head><base target="_blank">');
  }

  /** Errors: `not_found`. */
  async attachment(mailId: string, no: number): Promise<DevMailAttachmentEntity> {
    const file = await this.mails.attachment(mailId, no);
    if (!file) throw new DomainError('not_found');
    return file;
  }
}
