import { Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import { afterCommit, type Tx } from '../database/tx.js';
import type { AnyFact } from '../facts/fact-map.js';
import { OnFact } from '../facts/facts.decorators.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { DeliveryWorker } from './delivery-worker.service.js';

/** For so long a rush of facts is spared the question whether there is any webhook, unless one is made. */
const NOBODY_MS = 1_000;

/** Turns facts about an event into deliveries to its organizer. */
@Injectable()
export class WebhookIntake {
  private nobodyUntil = 0;

  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly worker: DeliveryWorker,
  ) {}

  @OnFact(
    [
      'booking.paying',
      'booking.declined',
      'booking.confirmed',
      'booking.restored',
      'booking.replaced',
      'booking.cancelling',
      'booking.cancelled',
      'event.*',
      'payment.*',
      'refund.*',
      'seats.*',
      'ticket.*',
      'waitlist.*',
      'webhook.*',
    ],
    {
      name: 'webhooks',
      from: 'now',
    },
  )
  async take(tx: Tx, fact: AnyFact): Promise<void> {
    if (fact.stream === 'webhook') this.nobodyUntil = 0;
    const eventId = fact.eventId ?? (fact.stream === 'event' ? fact.streamId : undefined);
    if (eventId === undefined || Date.now() < this.nobodyUntil) return;
    if (!(await this.deliveries.anyWebhook(tx))) {
      this.nobodyUntil = Date.now() + NOBODY_MS;
      return;
    }
    const wanting = await this.deliveries.wanting(tx, eventId, fact.type);
    if (wanting.length === 0) return;
    const made = wanting.map((webhookId) => ({ id: newId(), webhookId }));
    await this.deliveries.enqueue(tx, made, fact, message(fact, eventId));
    afterCommit(tx, () => this.worker.nudge());
  }
}

/** What an organizer's system gets: the fact, without who acted. */
const message = ({ stream, streamId, version, type, data, occurredAt }: AnyFact, eventId: string): string =>
  JSON.stringify({
    id: `${stream}:${streamId}:${version}`,
    type,
    occurredAt: occurredAt.toISOString(),
    eventId,
    stream,
    streamId,
    version,
    data,
  });
