import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Principal } from '../auth/principal.js';
import { DomainError } from '../common/domain-error.js';
import { newId } from '../common/ids.js';
import { decodeCursor, encodeCursor } from '../common/schemas.js';
import { Database } from '../database/database.service.js';
import { Facts } from '../facts/facts.service.js';
import { Every } from '../jobs/jobs.decorators.js';
import { DeliveriesRepository, type DeliveryRecord } from './deliveries.repository.js';
import { DeliveryWorker } from './delivery-worker.service.js';
import { DISABLED_AFTER_DAYS } from './webhook.rules.js';
import type { DeliveryBody, DeliveryPage, DeliveryQuery, ReplayInput } from './webhooks.schemas.js';
import { WebhooksService } from './webhooks.service.js';

const KEPT_DAYS = 30;
const PIECE = 5_000;
const position = z.tuple([z.uuid()]);

/** What organizers see of deliveries, and do with them. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly database: Database,
    private readonly webhooks: WebhooksService,
    private readonly deliveries: DeliveriesRepository,
    private readonly worker: DeliveryWorker,
    private readonly facts: Facts,
  ) {}

  /** Newest first, kept for 30 days. Errors: `not_found`, `invalid_cursor`. */
  async list(user: Principal, id: string, { state, limit, cursor }: DeliveryQuery): Promise<DeliveryPage> {
    await this.webhooks.find(user, id);
    const before = cursor === undefined ? null : decodeCursor(cursor, position)[0];
    const rows = await this.deliveries.page(id, state, limit + 1, before);
    const shown = rows.slice(0, limit);
    return {
      data: shown.map(summary),
      next: rows.length > limit ? encodeCursor([shown.at(-1)!.id]) : null,
    };
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
      tries: tries.map((attempt) => ({ ...attempt, at: attempt.at.toISOString() })),
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
    while ((await this.deliveries.forget(KEPT_DAYS, PIECE)) === PIECE);
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
