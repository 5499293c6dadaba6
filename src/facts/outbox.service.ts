import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../common/domain-error.js';
import { Meters } from '../observability/meters.service.js';
import { BROKER, type Broker } from './broker.js';
import { CursorsRepository } from './cursors.repository.js';
import { FactRelay } from './facts.relay.js';
import { FactsRepository, type Lag } from './facts.repository.js';
import type { BROKER_STATES, OutboxBody, ParkedStreamName } from './outbox.schemas.js';

/** What operators see of the way of facts to their readers, and do about it. */
@Injectable()
export class Outbox {
  constructor(
    private readonly cursors: CursorsRepository,
    private readonly facts: FactsRepository,
    private readonly relay: FactRelay,
    @Inject(BROKER) private readonly broker: Broker | undefined,
    meters: Meters,
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
      ],
      async () => {
        const [lags, parked] = await Promise.all([this.lag(), this.cursors.listParked()]);
        return [
          lags.map(({ name, waiting }) => ({ labels: { reader: name }, value: waiting })),
          lags.map(({ name, waitingSeconds }) => ({ labels: { reader: name }, value: waitingSeconds })),
          [{ value: parked.length }],
        ];
      },
    );
    meters.gauge(
      'evently_broker_connected',
      '1 while this replica is connected to RabbitMQ, which the one that leads the relay is',
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
      parked: parked.map((stream) => ({ ...stream, parkedAt: stream.parkedAt.toISOString() })),
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
