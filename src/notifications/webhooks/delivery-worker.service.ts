import { performance } from 'node:perf_hooks';
import { Inject, Injectable } from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import { newId } from '../../platform/common/ids.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { OnDuty } from '../../platform/jobs/duty.decorators.js';
import { LeaseWorker } from '../../platform/jobs/lease-worker.js';
import { MetersService } from '../../platform/observability/meters.service.js';
import { follow, traceHeaders } from '../../platform/observability/tracing.js';
import { DeliveriesRepository, type DueDelivery } from './deliveries.repository.js';
import { pauseAfter, signedHeaders } from './webhook.rules.js';
import { WebhookSender } from './webhook-sender.js';

const AT_ONCE = 32;
/** Messages sent to one endpoint at once, so that a slow one leaves room for the others. */
const AT_ONCE_EACH = 4;

type Leased = DueDelivery & { readonly lease: string };

/** Sends deliveries that are due. */
@Injectable()
export class DeliveryWorkerService extends LeaseWorker<Leased> {
  private readonly perWebhook = new Map<string, number>();
  private readonly delivered: () => void;
  private readonly refused: () => void;
  private readonly unanswered: () => void;

  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly sender: WebhookSender,
    @Inject(CONFIG) private readonly config: Config,
    meters: MetersService,
  ) {
    super(AT_ONCE);
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
          help: 'Seconds that the oldest due message has waited for a worker',
        },
      ],
      async () => {
        const { count, overdue } = await deliveries.pending();
        return [[{ value: count }], [{ value: overdue }]];
      },
    );
  }

  @OnDuty('webhooks')
  override start(): void {
    super.start();
  }

  protected async claim(room: number): Promise<Leased[]> {
    const lease = newId();
    const seconds = (this.config.webhooks.timeoutMs / 1_000) * 2 + 5;
    const due = await this.deliveries.claim(lease, seconds, room, AT_ONCE_EACH, [...this.perWebhook.keys()]);
    for (const { webhookId } of due) this.count(webhookId, 1);
    return due.map((delivery) => ({ ...delivery, lease }));
  }

  protected work(delivery: Leased): Promise<void> {
    return follow(delivery.cause ?? delivery.id, 'webhook', { kind: SpanKind.CLIENT }, () =>
      this.send(delivery),
    ).finally(() => this.count(delivery.webhookId, -1));
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
