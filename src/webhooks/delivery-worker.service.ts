import { performance } from 'node:perf_hooks';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { newId } from '../common/ids.js';
import { Wake } from '../common/wake.js';
import { CONFIG, type Config } from '../config/config.js';
import { DeliveriesRepository, type DueDelivery } from './deliveries.repository.js';
import { pauseAfter, signedHeaders } from './webhook.rules.js';
import { WebhookSender } from './webhook-sender.js';

const POLL_MS = 1_000;
const AT_ONCE = 32;
/** To one endpoint, so that a slow one leaves room for the others. */
const AT_ONCE_EACH = 4;

/** Sends deliveries that are due. Several replicas share the work. */
@Injectable()
export class DeliveryWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(DeliveryWorker.name);
  private readonly wake = new Wake();
  private readonly working = new Set<Promise<void>>();
  private readonly perWebhook = new Map<string, number>();
  private stopping = false;
  private looping: Promise<void> | undefined;

  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly sender: WebhookSender,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    this.looping = this.loop();
  }

  /** Waits for the messages under way. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.wake.ring();
    await this.looping;
    await Promise.all(this.working);
  }

  nudge(): void {
    this.wake.ring();
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      const sent = await this.sendDue().catch((error) => {
        this.log.warn({ err: error }, 'Deliveries cannot be read right now');
        return 0;
      });
      if (sent === 0) await this.wake.wait(POLL_MS);
    }
  }

  private async sendDue(): Promise<number> {
    const room = AT_ONCE - this.working.size;
    if (room === 0) return 0;
    const lease = newId();
    const seconds = (this.config.webhookTimeoutMs / 1_000) * 2 + 5;
    const busy = [...this.perWebhook.keys()];
    const due = await this.deliveries.claim(lease, seconds, room, AT_ONCE_EACH, busy);
    for (const delivery of due) this.work(delivery, lease);
    return due.length;
  }

  private work(delivery: DueDelivery, lease: string): void {
    this.count(delivery.webhookId, 1);
    const work = this.send(delivery, lease)
      .catch((error) => this.log.warn({ err: error, delivery: delivery.id }, 'A delivery was interrupted'))
      .finally(() => {
        this.working.delete(work);
        this.count(delivery.webhookId, -1);
        this.wake.ring();
      });
    this.working.add(work);
  }

  private async send({ id, url, body, attempts, secrets }: DueDelivery, lease: string): Promise<void> {
    const began = performance.now();
    const headers = signedHeaders(id, Math.floor(Date.now() / 1_000), body, secrets);
    const { status, error } = await this.sender.post(url, headers, body);
    const delivered = status !== undefined && status >= 200 && status < 300;
    await this.deliveries.settle(id, lease, {
      delivered,
      status: status ?? null,
      error: error ?? null,
      milliseconds: Math.round(performance.now() - began),
      pause: delivered ? undefined : pauseAfter(attempts),
    });
  }

  private count(webhookId: string, change: number): void {
    const now = (this.perWebhook.get(webhookId) ?? 0) + change;
    if (now === 0) this.perWebhook.delete(webhookId);
    else this.perWebhook.set(webhookId, now);
  }
}
