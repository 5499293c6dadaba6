import { type BeforeApplicationShutdown, Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { LOCKS } from '../database/advisory-locks.js';
import { DatabaseService } from '../database/database.service.js';
import { OnDuty } from '../jobs/duty.decorators.js';
import { BROKER, type Broker } from './broker.js';
import { BrokerSubscription } from './broker-subscription.js';
import { CursorsRepository } from './cursors.repository.js';
import { FactHandlers } from './fact-handlers.js';
import { FactLead } from './fact-lead.js';
import type { FactReader } from './fact-reader.js';
import { FactSubscription } from './fact-subscription.js';
import { FactsRepository } from './facts.repository.js';

/**
 * Delivers facts to `@OnFact` handlers and to the broker, each on one replica at a time. The two leads are separate,
 * since a replica need not have the broker: if it led both, no fact would reach RabbitMQ as long as it lives.
 */
@Injectable()
export class FactRelay implements OnModuleInit, BeforeApplicationShutdown {
  private subscriptions: FactSubscription[] = [];
  private toBroker: BrokerSubscription[] = [];
  private leads: FactLead[] = [];

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DatabaseService,
    private readonly handlers: FactHandlers,
    private readonly facts: FactsRepository,
    private readonly cursors: CursorsRepository,
    @Inject(BROKER) private readonly broker: Broker | undefined,
  ) {}

  /** Runs also on replicas that do not deliver, since operators may ask any replica. */
  onModuleInit(): void {
    const tools = [this.database, this.facts, this.cursors] as const;
    this.subscriptions = this.handlers.once().map((handler) => new FactSubscription(handler, ...tools));
    if (this.broker) this.toBroker = [new BrokerSubscription(this.broker, ...tools)];
  }

  @OnDuty('facts')
  start(): void {
    this.compete(LOCKS.handlersLead, this.subscriptions);
    this.compete(LOCKS.brokerLead, this.toBroker);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.leads.map((lead) => lead.stop()));
  }

  nudge(): void {
    for (const lead of this.leads) lead.nudge();
  }

  subscription(handler: string): FactSubscription | undefined {
    return this.subscriptions.find(({ name }) => name === handler);
  }

  /** Names of the readers, and the kinds each wants, as SQL LIKE patterns. */
  wishes(): { name: string; patterns: string[] }[] {
    return [...this.subscriptions, ...this.toBroker].map(({ name, patterns }) => ({ name, patterns }));
  }

  private compete(lock: number, readers: readonly FactReader[]): void {
    if (readers.length === 0) return;
    const lead = new FactLead(lock, readers, this.facts, this.config.database.url);
    lead.start();
    this.leads.push(lead);
  }
}
