import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { newId } from '../common/ids.js';
import { runInContext } from '../common/request-context.js';
import { Wake } from '../common/wake.js';
import { CONFIG, type Config } from '../config/config.js';
import { leaseSeconds, pauseAfter } from './mail.rules.js';
import { MailComposers } from './mail-composers.js';
import { MAILBOX, type Mailbox, Undeliverable } from './mailbox.js';
import { type DueMail, MailsRepository, type Settlement } from './mails.repository.js';

const POLL_MS = 1_000;
/** As many as the SMTP server gets connections from one replica. */
const AT_ONCE = 4;
const PATIENCE_AT_THE_END_MS = 5_000;

/** Writes and sends the mail that is due. Several replicas share the work. */
@Injectable()
export class MailWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(MailWorker.name);
  private readonly wake = new Wake();
  private readonly working = new Set<Promise<void>>();
  private stopping = false;
  private looping: Promise<void> | undefined;

  constructor(
    private readonly mails: MailsRepository,
    private readonly composers: MailComposers,
    @Inject(MAILBOX) private readonly mailbox: Mailbox,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    this.looping = this.loop();
  }

  /** Waits a little for the mail under way; what an SMTP server holds up longer is sent after its lease. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.wake.ring();
    await this.looping;
    const patience = new AbortController();
    const tooLong = sleep(PATIENCE_AT_THE_END_MS, undefined, patience).catch(() => {});
    await Promise.race([Promise.all(this.working), tooLong]);
    patience.abort();
    this.mailbox.close?.();
  }

  nudge(): void {
    this.wake.ring();
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      const taken = await this.sendDue().catch((error) => {
        this.log.warn({ err: error }, 'Mail cannot be read right now');
        return 0;
      });
      if (taken === 0) await this.wake.wait(POLL_MS);
    }
  }

  private async sendDue(): Promise<number> {
    const room = AT_ONCE - this.working.size;
    if (room === 0) return 0;
    const lease = newId();
    const seconds = leaseSeconds(this.config.mailTimeoutMs);
    const due = await this.mails.claim(lease, seconds, room, this.composers.kinds());
    for (const mail of due) this.work(mail, lease);
    return due.length;
  }

  private work(mail: DueMail, lease: string): void {
    const work = runInContext({ correlationId: `mail-${mail.id}` }, () => this.send(mail))
      .then((settlement) => this.mails.settle(mail.id, lease, settlement))
      .catch((error) => this.log.warn({ err: error, mail: mail.id }, 'What became of a mail was not kept'))
      .finally(() => {
        this.working.delete(work);
        this.wake.ring();
      });
    this.working.add(work);
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
