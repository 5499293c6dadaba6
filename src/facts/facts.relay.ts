import { type BeforeApplicationShutdown, Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import { OnDuty } from '../jobs/duty.decorators.js';
import { BROKER, type Broker } from './broker.js';
import { BrokerSubscription } from './broker-subscription.js';
import { CursorsRepository } from './cursors.repository.js';
import { FactHandlers } from './fact-handlers.js';
import { FactLead } from './fact-lead.js';
import type { FactReader } from './fact-reader.js';
import { FactSubscription } from './fact-subscription.js';
import { FactsRepository } from './facts.repository.js';

const HANDLERS_LOCK = 4_860_138;
const BROKER_LOCK = 4_860_139;

/**
 * Delivers facts to `@OnFact` handlers and the broker, each on one replica at a time. Two leads, since not every replica
 * need have the broker: one without it that led both would keep facts from RabbitMQ as long as it lives.
 */
@Injectable()
export class FactRelay implements OnModuleInit, BeforeApplicationShutdown {
  private subscriptions: FactSubscription[] = [];
  private toBroker: BrokerSubscription[] = [];
  private leads: FactLead[] = [];

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly handlers: FactHandlers,
    private readonly facts: FactsRepository,
    private readonly cursors: CursorsRepository,
    @Inject(BROKER) private readonly broker: Broker | undefined,
  ) {}

  /** Also where others deliver: operators ask any replica. */
  onModuleInit(): void {
    const tools = [this.database, this.facts, this.cursors] as const;
    this.subscriptions = this.handlers.once().map((handler) => new FactSubscription(handler, ...tools));
    if (this.broker) this.toBroker = [new BrokerSubscription(this.broker, ...tools)];
  }

  @OnDuty('facts')
  start(): void {
    this.compete(HANDLERS_LOCK, this.subscriptions);
    this.compete(BROKER_LOCK, this.toBroker);
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

  /** Who is delivered to, and the kinds each wants, as SQL LIKE patterns. */
  wishes(): { name: string; patterns: string[] }[] {
    return [...this.subscriptions, ...this.toBroker].map(({ name, patterns }) => ({ name, patterns }));
  }

  private compete(lock: number, readers: readonly FactReader[]): void {
    if (readers.length === 0) return;
    const lead = new FactLead(lock, readers, this.facts, this.config.databaseUrl ?? '');
    lead.start();
    this.leads.push(lead);
  }
}
