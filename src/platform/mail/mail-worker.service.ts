import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { isFailing } from '../common/database-errors.js';
import { newId } from '../common/ids.js';
import { runInContext } from '../common/request-context.js';
import { CONFIG, type Config } from '../config/config.js';
import { OnDuty } from '../jobs/duty.decorators.js';
import { LeaseWorker } from '../jobs/lease-worker.js';
import { leaseSeconds, pauseAfter } from './mail.rules.js';
import { MailComposers } from './mail-composers.js';
import { MAILBOX, type Mailbox, Undeliverable } from './mailbox.js';
import { type DueMail, MailsRepository, type Settlement } from './mails.repository.js';

/** As many as the SMTP server gets connections from one replica. */
const AT_ONCE = 4;
const PATIENCE_AT_THE_END_MS = 5_000;

type Leased = DueMail & { readonly lease: string };

/** Writes and sends the mail that is due. */
@Injectable()
export class MailWorkerService extends LeaseWorker<Leased> {
  constructor(
    private readonly mails: MailsRepository,
    private readonly composers: MailComposers,
    @Inject(MAILBOX) private readonly mailbox: Mailbox,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    super(AT_ONCE);
  }

  @OnDuty('mail')
  override start(): void {
    super.start();
  }

  /** Waits a little for the mail under way; what an SMTP server holds up longer is sent after its lease. */
  override async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
    const patience = new AbortController();
    const tooLong = sleep(PATIENCE_AT_THE_END_MS, undefined, patience).catch(() => {});
    await Promise.race([this.drained(), tooLong]);
    patience.abort();
    this.mailbox.close?.();
  }

  protected async claim(room: number): Promise<Leased[]> {
    const lease = newId();
    const seconds = leaseSeconds(this.config.mail.timeoutMs);
    const due = await this.mails.claim(lease, seconds, room, this.composers.kinds());
    return due.map((mail) => ({ ...mail, lease }));
  }

  protected async work(mail: Leased): Promise<void> {
    const settlement = await runInContext({ correlationId: `mail-${mail.id}` }, () => this.send(mail));
    await this.mails.settle(mail.id, mail.lease, settlement);
  }

  private async send(mail: DueMail): Promise<Settlement> {
    if (mail.late) return { state: 'failed', error: 'It could not be sent in time to be of use' };
    try {
      const composed = await this.composers.compose(mail);
      if (!composed) return { state: 'dropped' };
      await this.mailbox.deliver(mail.id, composed);
      return { state: 'sent' };
    } catch (error) {
      // Nothing can be stored: its lease runs out, and then it is tried again.
      if (isFailing(error)) throw error;
      const { message } = error as Error;
      const pause = error instanceof Undeliverable ? undefined : pauseAfter(mail.attempts);
      if (pause !== undefined) return { state: 'pending', error: message, pause };
      this.log.error({ mail: mail.id, kind: mail.kind, reason: message }, 'A mail could not be sent');
      return { state: 'failed', error: message };
    }
  }
}
