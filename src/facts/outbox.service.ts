import { Inject, Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { DomainError } from '../common/domain-error.js';
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
    registry: Registry,
  ) {
    this.gauge(registry, 'evently_fact_lag_facts', 'Facts not delivered yet, 10,000 at most', 'waiting');
    this.gauge(
      registry,
      'evently_fact_lag_seconds',
      'Age of the oldest fact not delivered yet',
      'waitingSeconds',
    );
    const parked: Gauge = new Gauge({
      name: 'evently_facts_parked',
      help: 'Streams that a handler gave up on; they wait for an operator',
      registers: [registry],
      collect: async () => parked.set((await this.cursors.listParked()).length),
    });
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

  private gauge(registry: Registry, name: string, help: string, value: 'waiting' | 'waitingSeconds'): void {
    const gauge: Gauge<'reader'> = new Gauge({
      name,
      help: `${help}, by reader`,
      labelNames: ['reader'],
      registers: [registry],
      collect: async () => {
        for (const lag of await this.lag()) gauge.set({ reader: lag.name }, lag[value]);
      },
    });
  }
}
