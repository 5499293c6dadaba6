import { Injectable } from '@nestjs/common';
import type {} from '../../payments/payments/payments.facts.js';
import { PaymentsService } from '../../payments/payments/payments.service.js';
import { newId } from '../../platform/common/ids.js';
import { afterCommit, type Tx } from '../../platform/database/tx.js';
import type { AnyFact, Fact } from '../../platform/facts/fact-map.js';
import { OnFact } from '../../platform/facts/facts.decorators.js';
import { FactsService } from '../../platform/facts/facts.service.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { DeliveryWorkerService } from './delivery-worker.service.js';

/** Time for which the answer that no webhook exists is kept during a rush of facts, unless one is made. */
const NOBODY_MS = 1_000;

/** Turns facts about an event into deliveries to its organizer. */
@Injectable()
export class WebhookIntakeService {
  private nobodyUntil = 0;

  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly worker: DeliveryWorkerService,
    private readonly payments: PaymentsService,
    private readonly facts: FactsService,
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
    for (const told of await this.news(fact)) await this.enqueue(tx, told, eventId);
  }

  /**
   * The seats are sold before the money moves, and the bank may still refuse: a sale is announced once the bank has
   * paid, before the payment itself.
   */
  private async news(fact: AnyFact): Promise<AnyFact[]> {
    if (isSale(fact)) {
      const payment = await this.payments.latest(fact.streamId);
      return payment && payment.status !== 'captured' ? [] : [fact];
    }
    if (fact.type !== 'payment.captured') return [fact];
    const history = await this.facts.history(
      'booking',
      (fact.data as Fact<'payment.captured'>['data']).bookingId,
    );
    return [...history.filter(isSale), fact];
  }

  private async enqueue(tx: Tx, fact: AnyFact, eventId: string): Promise<void> {
    const wanting = await this.deliveries.wanting(tx, eventId, fact.type);
    if (wanting.length === 0) return;
    const made = wanting.map(({ id: webhookId }) => ({ id: newId(), webhookId }));
    await this.deliveries.enqueue(tx, made, fact, message(fact, eventId, wanting[0]!.sandbox));
    afterCommit(tx, () => this.worker.nudge());
  }
}

const isSale = ({ type }: AnyFact): boolean =>
  type === 'booking.confirmed' || type === 'booking.restored' || type === 'booking.replaced';

/** Message for an organizer's system: the fact, without the actor; of a sandbox event it says so. */
const message = (
  { stream, streamId, version, type, data, occurredAt }: AnyFact,
  eventId: string,
  sandbox: boolean,
): string =>
  JSON.stringify({
    id: `${stream}:${streamId}:${version}`,
    type,
    occurredAt: occurredAt.toISOString(),
    eventId,
    stream,
    streamId,
    version,
    ...(sandbox && { sandbox }),
    data,
  });
