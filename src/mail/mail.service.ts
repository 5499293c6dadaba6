import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Background } from '../common/background.js';
import { MAILBOX, type Mail, type Mailbox } from './mailbox.js';

const RETRY_AFTER_MS = [1_000, 5_000, 25_000];

/**
 * Sends mail behind the request that caused it, never inside its transaction. A mail that cannot be delivered is tried
 * four times within half a minute and then logged; nothing the person asked for fails because of it. What still waits
 * when the process dies is lost, which is why every mail here can be asked for again.
 */
@Injectable()
export class MailService implements BeforeApplicationShutdown {
  private readonly background = new Background();
  private readonly stopping = new AbortController();

  constructor(@Inject(MAILBOX) private readonly mailbox: Mailbox) {}

  send(mail: Mail): void {
    this.background.run(`Mail "${mail.subject}"`, () => this.deliver(mail));
  }

  private async deliver(mail: Mail): Promise<void> {
    for (const pause of RETRY_AFTER_MS) {
      try {
        return await this.mailbox.deliver(mail);
      } catch (error) {
        if (this.stopping.signal.aborted) throw error;
        await sleep(pause, undefined, { signal: this.stopping.signal }).catch(() => {});
      }
    }
    await this.mailbox.deliver(mail);
  }

  /** Waiting mail gets one last try. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.background.drain();
    this.mailbox.close?.();
  }
}
