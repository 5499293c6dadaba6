import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { newId } from '../common/ids.js';
import { runInContext } from '../common/request-context.js';
import { CONFIG, type Config } from '../config/config.js';
import { OnDuty } from '../jobs/duty.decorators.js';
import { WorkLoop } from '../jobs/work-loop.js';
import { leaseSeconds, pauseAfter } from './mail.rules.js';
import { MailComposers } from './mail-composers.js';
import { MAILBOX, type Mailbox, Undeliverable } from './mailbox.js';
import { type DueMail, MailsRepository, type Settlement } from './mails.repository.js';

/** As many as the SMTP server gets connections from one replica. */
const AT_ONCE = 4;
const PATIENCE_AT_THE_END_MS = 5_000;

type Leased = DueMail & { readonly lease: string };

/** Writes and sends the mail that is due. Several replicas share the work. */
@Injectable()
export class MailWorker implements BeforeApplicationShutdown {
  private readonly log = new Logger(MailWorker.name);
  private readonly loop = new WorkLoop<Leased>({
    what: 'mail',
    atOnce: AT_ONCE,
    claim: (room) => this.claim(room),
    work: (mail) => this.work(mail),
  });

  constructor(
    private readonly mails: MailsRepository,
    private readonly composers: MailComposers,
    @Inject(MAILBOX) private readonly mailbox: Mailbox,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @OnDuty('mail')
  start(): void {
    this.loop.start();
  }

  /** Waits a little for the mail under way; what an SMTP server holds up longer is sent after its lease. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
    const patience = new AbortController();
    const tooLong = sleep(PATIENCE_AT_THE_END_MS, undefined, patience).catch(() => {});
    await Promise.race([this.loop.drained(), tooLong]);
    patience.abort();
    this.mailbox.close?.();
  }

  nudge(): void {
    this.loop.nudge();
  }

  private async claim(room: number): Promise<Leased[]> {
    const lease = newId();
    const seconds = leaseSeconds(this.config.mailTimeoutMs);
    const due = await this.mails.claim(lease, seconds, room, this.composers.kinds());
    return due.map((mail) => ({ ...mail, lease }));
  }

  private async work(mail: Leased): Promise<void> {
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
      const { message } = error as Error;
      const pause = error instanceof Undeliverable ? undefined : pauseAfter(mail.attempts);
      if (pause !== undefined) return { state: 'pending', error: message, pause };
      this.log.error({ mail: mail.id, kind: mail.kind, reason: message }, 'A mail could not be sent');
      return { state: 'failed', error: message };
    }
  }
}
