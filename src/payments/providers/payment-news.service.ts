import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Background } from '../../platform/common/background.js';

type Listener = (key: string) => Promise<void>;

/** Brings word of a provider to whoever works on a charge. News say which one, by its key, never what became of it. */
@Injectable()
export class PaymentNewsService implements BeforeApplicationShutdown {
  private readonly listeners: Listener[] = [];
  private readonly background = new Background();

  listen(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** Waits until the listeners have done what they do about it. */
  async tell(key: string): Promise<void> {
    for (const listener of this.listeners) await listener(key);
  }

  /** Tells it after `ms` milliseconds; nobody waits for that. */
  tellSoon(key: string, ms: number): void {
    this.background.run('News of a payment', async () => {
      await sleep(ms);
      await this.tell(key);
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.background.drain();
  }
}
