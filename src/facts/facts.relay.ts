import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnModuleInit,
} from '@nestjs/common';
import type pg from 'pg';
import { CONFIG, type Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import { createClient } from '../database/primary.js';
import { OnDuty } from '../jobs/duty.decorators.js';
import { BROKER, type Broker } from './broker.js';
import { BrokerSubscription } from './broker-subscription.js';
import { CursorsRepository, NOTHING } from './cursors.repository.js';
import { FactHandlers } from './fact-handlers.js';
import type { FactReader } from './fact-reader.js';
import { FactSubscription } from './fact-subscription.js';
import { FactsPoller } from './facts.poller.js';
import { FactsRepository } from './facts.repository.js';

const RELAY_LOCK = 4_860_138;
const RETRY = 1_000;

/**
 * Delivers facts to `@OnFact` handlers and the broker, on one replica at a time. The leader holds an advisory lock on a connection of
 * its own, so its lead ends when that connection does. Two that believe to lead do no harm, only work for nothing:
 * each batch checks the cursor under its row lock.
 */
@Injectable()
export class FactRelay implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(FactRelay.name);
  private readonly stopping = new AbortController();
  private readers: FactReader[] = [];
  private poller = new FactsPoller();
  private running: Promise<void> | undefined;

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
    this.readers = this.handlers.once().map((handler) => new FactSubscription(handler, ...tools));
    if (this.broker) this.readers.push(new BrokerSubscription(this.broker, ...tools));
  }

  @OnDuty('facts')
  start(): void {
    if (this.readers.length > 0) this.running = this.run();
  }

  /** Finishes the batch under way and gives the lead to whoever wants it. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    this.poller.stop();
    await this.running;
  }

  nudge(): void {
    this.poller.ring();
  }

  subscription(handler: string): FactSubscription | undefined {
    return this.readers.find(
      (reader): reader is FactSubscription => reader instanceof FactSubscription && reader.name === handler,
    );
  }

  /** Who is delivered to, and the kinds each wants, as SQL LIKE patterns. */
  wishes(): { name: string; patterns: string[] }[] {
    return this.readers.map(({ name, patterns }) => ({ name, patterns }));
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.lead();
      } catch (error) {
        if (!this.stopping.signal.aborted) this.log.warn({ err: error }, 'Lost the lead of the fact relay');
      }
      await sleep(RETRY, undefined, { signal: this.stopping.signal }).catch(() => {});
    }
  }

  /** Waits for the lead, then delivers until the connection or the application ends. */
  private async lead(): Promise<void> {
    const client = createClient(this.config.databaseUrl ?? '', {
      application_name: 'evently-relay',
      connectionTimeoutMillis: 5_000,
      query_timeout: 10_000,
      keepAlive: true,
    });
    const lost = new AbortController();
    client.on('error', (error) => lost.abort(error));
    client.on('end', () => lost.abort(new Error('The connection ended')));
    try {
      await client.connect();
      if (await this.elected(client)) await this.deliver(client, lost);
    } finally {
      await Promise.all(this.readers.map((reader) => reader.leave()));
      await client.end().catch(() => {});
    }
  }

  private async elected(client: pg.Client): Promise<boolean> {
    while (!this.stopping.signal.aborted) {
      const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS won', [RELAY_LOCK]);
      if (rows[0].won) return true;
      await sleep(RETRY, undefined, { signal: this.stopping.signal }).catch(() => {});
    }
    return false;
  }

  private async deliver(client: pg.Client, lost: AbortController): Promise<void> {
    const signal = AbortSignal.any([this.stopping.signal, lost.signal]);
    const { now } = await this.facts.look(NOTHING);
    for (const reader of this.readers) await reader.open(now);
    const poller = new FactsPoller();
    this.poller = poller;
    signal.addEventListener('abort', () => poller.stop());
    // Of an abort that came while the lines above were waiting no listener hears.
    if (signal.aborted) poller.stop();
    await poller.run(
      NOTHING,
      async (seen) => {
        // On the leader's own connection, so that a dead one is noticed at the next look.
        await client.query('SELECT 1');
        return this.facts.look(seen);
      },
      (now) => {
        for (const reader of this.readers) reader.pursue(now, signal, (error) => lost.abort(error));
      },
    );
    lost.signal.throwIfAborted();
  }
}
