import { Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import { afterCommit, type Tx } from '../database/tx.js';
import { DevMailRepository } from './dev-mail.repository.js';
import type { MailKind, NewMail } from './mail-map.js';
import { MailWorkerService } from './mail-worker.service.js';
import { MailsRepository } from './mails.repository.js';

/**
 * Mail is asked for in the transaction that makes it true and sent after its commit, by any replica: neither a crash
 * nor an SMTP server that is away loses any. See docs/decisions/mail-outbox.md.
 */
@Injectable()
export class MailService {
  constructor(
    private readonly mails: MailsRepository,
    private readonly stored: DevMailRepository,
    private readonly worker: MailWorkerService,
  ) {}

  async queue(tx: Tx, ...mails: NewMail[]): Promise<void> {
    if (mails.length === 0) return;
    await this.mails.insert(
      tx,
      mails.map((mail) => ({ ...mail, id: newId() })),
    );
    afterCommit(tx, () => this.worker.nudge());
  }

  /** Withdraws mail of these kinds that waits for this person. */
  async withdraw(tx: Tx, userId: string, kinds: readonly MailKind[]): Promise<void> {
    await this.mails.withdraw(tx, userId, kinds);
  }

  /** Nothing is sent to this person any more, and nothing says that anything was. */
  async forgetPerson(tx: Tx, { id, email }: { id: string; email: string | null }): Promise<void> {
    await this.stored.forget(tx, await this.mails.forgetPerson(tx, id), email);
  }
}
