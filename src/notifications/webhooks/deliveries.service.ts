import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { newId } from '../../platform/common/ids.js';
import { readPageById } from '../../platform/common/pages.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { FactsService } from '../../platform/facts/facts.service.js';
import { Every } from '../../platform/jobs/jobs.decorators.js';
import { DeliveriesRepository, type DeliveryRecord } from './deliveries.repository.js';
import { DeliveryWorkerService } from './delivery-worker.service.js';
import { DISABLED_AFTER_DAYS } from './webhook.rules.js';
import type { DeliveryBody, DeliveryPage, DeliveryQuery, ReplayInput } from './webhooks.schemas.js';
import { WebhooksService } from './webhooks.service.js';

const KEPT_DAYS = 30;
const PURGE_BATCH_ROWS = 5_000;

/** Deliveries as organizers see and repeat them. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly database: DatabaseService,
    private readonly webhooks: WebhooksService,
    private readonly deliveries: DeliveriesRepository,
    private readonly worker: DeliveryWorkerService,
    private readonly facts: FactsService,
  ) {}

  /** Newest first, kept for 30 days. Errors: `not_found`, `invalid_cursor`. */
  async list(user: Principal, id: string, { state, ...query }: DeliveryQuery): Promise<DeliveryPage> {
    await this.webhooks.find(user, id);
    const page = await readPageById(query, (count, before) => this.deliveries.page(id, state, count, before));
    return { ...page, data: page.data.map(summary) };
  }

  /** Errors: `not_found`. */
  async read(user: Principal, id: string, deliveryId: string): Promise<DeliveryBody> {
    await this.webhooks.find(user, id);
    const found = await this.deliveries.find(id, deliveryId);
    if (!found) throw new DomainError('not_found');
    const tries = await this.deliveries.attempts(deliveryId);
    return {
      ...summary(found),
      body: found.body,
      tries: tries.map(({ deliveryId: _, ...attempt }) => ({ ...attempt, at: attempt.at.toISOString() })),
    };
  }

  /** Sends a message that tests the way. Errors: `not_found`, `webhook_inactive`. */
  async ping(user: Principal, id: string): Promise<DeliveryBody> {
    await this.assertActive(user, id);
    const pingId = newId();
    const body = JSON.stringify({ id: pingId, type: 'webhook.ping', occurredAt: new Date().toISOString() });
    await this.deliveries.enqueuePing(pingId, id, -randomInt(1, 2 ** 47), body);
    this.worker.nudge();
    return this.read(user, id, pingId);
  }

  /** Sends one again, under the same `webhook-id`. Errors: `not_found`, `webhook_inactive`, `delivery_under_way`. */
  async replay(user: Principal, id: string, deliveryId: string): Promise<DeliveryBody> {
    await this.assertActive(user, id);
    await this.read(user, id, deliveryId);
    if ((await this.deliveries.replay(id, { id: deliveryId })) === 0)
      throw new DomainError('delivery_under_way', { retryAfter: 10 });
    this.worker.nudge();
    return this.read(user, id, deliveryId);
  }

  /** Sends again what was made since, in order. Errors: `not_found`, `webhook_inactive`. */
  async replaySince(user: Principal, id: string, { since }: ReplayInput): Promise<{ count: number }> {
    await this.assertActive(user, id);
    const count = await this.deliveries.replay(id, { since });
    this.worker.nudge();
    return { count };
  }

  @Every({ name: 'webhooks.keep-house', seconds: 600 })
  async keepHouse(): Promise<void> {
    const reason = `It has accepted nothing for ${DISABLED_AFTER_DAYS} days.`;
    await this.database.transaction(async (tx) => {
      for (const id of await this.deliveries.disableFailing(tx, DISABLED_AFTER_DAYS, reason))
        await this.facts.append(tx, {
          stream: 'webhook',
          streamId: id,
          type: 'webhook.disabled',
          data: { reason },
        });
    });
    while ((await this.deliveries.forget(KEPT_DAYS, PURGE_BATCH_ROWS)) === PURGE_BATCH_ROWS);
  }

  private async assertActive(user: Principal, id: string): Promise<void> {
    const { active } = await this.webhooks.find(user, id);
    if (!active) throw new DomainError('webhook_inactive', { detail: 'Switch it on first.' });
  }
}

const summary = ({
  webhookId: _,
  body: __,
  dueAt,
  createdAt,
  deliveredAt,
  ...row
}: DeliveryRecord): DeliveryPage['data'][number] => ({
  ...row,
  dueAt: row.state === 'pending' ? dueAt.toISOString() : null,
  createdAt: createdAt.toISOString(),
  deliveredAt: deliveredAt?.toISOString() ?? null,
});
