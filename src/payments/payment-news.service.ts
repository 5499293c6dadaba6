import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Background } from '../common/background.js';
import { type PaymentRecord, PaymentsRepository } from './payments.repository.js';

type Listener = (payment: PaymentRecord) => Promise<void>;

/** Brings word of a provider to whoever works on the payment. News say which payment, never what became of it. */
@Injectable()
export class PaymentNews implements BeforeApplicationShutdown {
  private readonly listeners: Listener[] = [];
  private readonly background = new Background();

  constructor(private readonly payments: PaymentsRepository) {}

  listen(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** Waits until the listeners have done what they do about it. */
  async tell(key: string): Promise<void> {
    const [payment] = await this.payments.findByKeys([key]);
    if (payment) for (const listener of this.listeners) await listener(payment);
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
