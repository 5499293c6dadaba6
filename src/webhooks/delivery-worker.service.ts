import { performance } from 'node:perf_hooks';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import { newId } from '../common/ids.js';
import { CONFIG, type Config } from '../config/config.js';
import { OnDuty } from '../jobs/duty.decorators.js';
import { WorkLoop } from '../jobs/work-loop.js';
import { Meters } from '../observability/meters.service.js';
import { follow, traceHeaders } from '../observability/tracing.js';
import { DeliveriesRepository, type DueDelivery } from './deliveries.repository.js';
import { pauseAfter, signedHeaders } from './webhook.rules.js';
import { WebhookSender } from './webhook-sender.js';

const AT_ONCE = 32;
/** To one endpoint, so that a slow one leaves room for the others. */
const AT_ONCE_EACH = 4;

type Leased = DueDelivery & { readonly lease: string };

/** Sends deliveries that are due. Several replicas share the work. */
@Injectable()
export class DeliveryWorker implements BeforeApplicationShutdown {
  private readonly perWebhook = new Map<string, number>();
  private readonly delivered: () => void;
  private readonly refused: () => void;
  private readonly unanswered: () => void;
  private readonly loop = new WorkLoop<Leased>({
    what: 'webhook deliveries',
    atOnce: AT_ONCE,
    claim: (room) => this.claim(room),
    work: (delivery) =>
      follow(delivery.cause ?? delivery.id, 'webhook', { kind: SpanKind.CLIENT }, () =>
        this.send(delivery),
      ).finally(() => this.count(delivery.webhookId, -1)),
  });

  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly sender: WebhookSender,
    @Inject(CONFIG) private readonly config: Config,
    meters: Meters,
  ) {
    const attempts = meters.counter(
      'evently_webhook_attempts_total',
      'Messages sent to endpoints of organizers, by outcome: delivered, refused, unanswered',
    );
    this.delivered = attempts.child({ outcome: 'delivered' });
    this.refused = attempts.child({ outcome: 'refused' });
    this.unanswered = attempts.child({ outcome: 'unanswered' });
    meters.installation(
      'webhooks',
      [
        { name: 'evently_webhook_deliveries_pending', help: 'Messages that wait to be sent to endpoints' },
        {
          name: 'evently_webhook_overdue_seconds',
          help: 'For how long the oldest message that is due has waited for a worker',
        },
      ],
      async () => {
        const { count, overdue } = await deliveries.pending();
        return [[{ value: count }], [{ value: overdue }]];
      },
    );
  }

  @OnDuty('webhooks')
  start(): void {
    this.loop.start();
  }

  /** Waits for the messages under way. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
    await this.loop.drained();
  }

  nudge(): void {
    this.loop.nudge();
  }

  private async claim(room: number): Promise<Leased[]> {
    const lease = newId();
    const seconds = (this.config.webhookTimeoutMs / 1_000) * 2 + 5;
    const due = await this.deliveries.claim(lease, seconds, room, AT_ONCE_EACH, [...this.perWebhook.keys()]);
    for (const { webhookId } of due) this.count(webhookId, 1);
    return due.map((delivery) => ({ ...delivery, lease }));
  }

  private async send({ id, url, body, attempts, secrets, lease }: Leased): Promise<void> {
    const began = performance.now();
    const headers = {
      ...signedHeaders(id, Math.floor(Date.now() / 1_000), body, secrets),
      ...traceHeaders(),
    };
    const { status, error } = await this.sender.post(url, headers, body);
    const delivered = status !== undefined && status >= 200 && status < 300;
    if (delivered) this.delivered();
    else if (status === undefined) this.unanswered();
    else this.refused();
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
