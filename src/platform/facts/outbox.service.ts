import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../common/domain-error.js';
import { MetersService } from '../observability/meters.service.js';
import { BROKER, type Broker } from './broker.js';
import { CursorsRepository } from './cursors.repository.js';
import { FactRelay } from './facts.relay.js';
import { FactsRepository, type Lag } from './facts.repository.js';
import type { BROKER_STATES, OutboxBody, ParkedStreamName } from './outbox.schemas.js';

/** Delivery of facts to their readers, as operators see it and act on it. */
@Injectable()
export class OutboxService {
  constructor(
    private readonly cursors: CursorsRepository,
    private readonly facts: FactsRepository,
    private readonly relay: FactRelay,
    @Inject(BROKER) private readonly broker: Broker | undefined,
    meters: MetersService,
  ) {
    meters.installation(
      'facts',
      [
        { name: 'evently_fact_lag_facts', help: 'Facts not delivered yet, 10,000 at most, by reader' },
        { name: 'evently_fact_lag_seconds', help: 'Age of the oldest fact not delivered yet, by reader' },
        {
          name: 'evently_facts_parked',
          help: 'Streams that a handler gave up on; they wait for an operator',
        },
        {
          name: 'evently_facts_set_aside',
          help: 'Streams that a handler has failed on; it tries them again by itself',
        },
      ],
      async () => {
        const [lags, parked] = await Promise.all([this.lag(), this.cursors.listParked()]);
        return [
          lags.map(({ name, waiting }) => ({ labels: { reader: name }, value: waiting })),
          lags.map(({ name, waitingSeconds }) => ({ labels: { reader: name }, value: waitingSeconds })),
          [{ value: parked.filter(({ retryAt }) => retryAt === null).length }],
          [{ value: parked.filter(({ retryAt }) => retryAt !== null).length }],
        ];
      },
    );
    meters.gauge(
      'evently_broker_connected',
      '1 while this replica is connected to RabbitMQ; only the replica that leads the relay is',
      () => (broker ? [{ value: broker.connected ? 1 : 0 }] : []),
    );
  }

  /** `connected`: this replica publishes. `standby`: another does, or none can at the moment. */
  brokerState(): (typeof BROKER_STATES)[number] {
    if (!this.broker) return 'off';
    return this.broker.connected ? 'connected' : 'standby';
  }

  async read(): Promise<OutboxBody> {
    const [readers, parked] = await Promise.all([this.lag(), this.cursors.listParked()]);
    return {
      broker: this.brokerState(),
      readers,
      parked: parked.map((stream) => ({
        ...stream,
        parkedAt: stream.parkedAt.toISOString(),
        retryAt: stream.retryAt?.toISOString() ?? null,
      })),
    };
  }

  /** Errors: `not_found` when it is not parked, `still_failing`. */
  async retry({ handler, stream, streamId }: ParkedStreamName): Promise<void> {
    const subscription = this.relay.subscription(handler);
    let found: boolean | undefined;
    try {
      found = await subscription?.retryParked(stream, streamId);
    } catch (error) {
      throw new DomainError('still_failing', { detail: String(error) });
    }
    if (!found) throw new DomainError('not_found');
  }

  private lag(): Promise<Lag[]> {
    return this.facts.lag(this.relay.wishes());
  }
}
