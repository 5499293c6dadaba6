import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import pg from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { databaseErrorCode, violatedConstraint } from '../common/database-errors.js';
import { CONFIG, type Config } from '../config/config.js';
import { Meters } from '../observability/meters.service.js';
import { traced } from '../observability/tracing.js';
import { meterPools, StatementMeter } from './database-meters.js';
import { createClient, poolTarget } from './primary.js';
import { QuerySpans, STATEMENT } from './query-spans.js';
import { committed, type Tx } from './tx.js';

const RETRYABLE = new Set(['40001', '40P01']);
const ATTEMPTS = 4;

/** Serialization failures, deadlocks, and two writers who took the same next version of a stream of facts. */
function worthRepeating(error: unknown): boolean {
  return RETRYABLE.has(databaseErrorCode(error) ?? '') || violatedConstraint(error) === 'fact_stream_version';
}

// Never wait on a lock or a client for long: a stopped replica must not stall an event. A generic plan keeps a claim
// on a just published 50,000-seat event at 3 ms instead of 43 ms (the custom plan trusts statistics not yet there).
const HOT_SETTINGS =
  '-c plan_cache_mode=force_generic_plan -c lock_timeout=5s -c statement_timeout=15s -c idle_in_transaction_session_timeout=10s';

/** The two ways to the database: transactions through TypeORM, and named statements of the hot path through the driver. */
@Injectable()
export class Database implements OnApplicationShutdown {
  private readonly hot: pg.Pool;
  private readonly meter: StatementMeter;

  constructor(
    @InjectDataSource() readonly source: DataSource,
    @Inject(CONFIG) private readonly config: Config,
    meters: Meters,
  ) {
    this.meter = new StatementMeter(meters);
    this.hot = new pg.Pool({
      ...poolTarget(config.databaseUrl ?? ''),
      max: config.databaseConnections,
      connectionTimeoutMillis: 5_000,
      // More than PostgreSQL allows itself: it ran out only where the host is gone without a word.
      query_timeout: 20_000,
      keepAlive: true,
      options: HOT_SETTINGS,
      application_name: 'evently-hot',
    });
    // An idle connection that dies is replaced by the pool; without a listener it would end the process.
    if (config.tracing) source.subscribers.push(new QuerySpans());
    this.hot.on('error', () => {});
    meterPools(meters, { hot: this.hot, transactions: (source.driver as PostgresDriver).master });
  }

  /**
   * Runs a unit of work in one transaction and repeats it whole where that can help (40001, 40P01, a version taken).
   * No network call but to this database may happen inside.
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      let tx!: Tx;
      let result: T;
      try {
        result = await traced('transaction', STATEMENT, () =>
          this.source.transaction((manager) => {
            tx = manager as Tx;
            return work(tx);
          }),
        );
      } catch (error) {
        if (attempt === ATTEMPTS || !worthRepeating(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 5 * attempt * (1 + Math.random())));
        continue;
      }
      committed(tx);
      return result;
    }
  }

  /** One autocommitted statement, prepared under its name once per connection. */
  async statement<Row extends pg.QueryResultRow>(
    name: string,
    text: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    const began = performance.now();
    try {
      const { rows } = await traced(name, STATEMENT, () => this.hot.query<Row>({ name, text, values }));
      this.meter.done(name, began);
      return rows;
    } catch (error) {
      this.meter.failed(name, error);
      throw error;
    }
  }

  /** Reads that must agree with each other: one repeatable-read, read-only transaction. */
  async snapshot<T>(read: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.hot.connect();
    let broken: Error | undefined;
    try {
      return await inSnapshot(client, read);
    } catch (error) {
      broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /**
   * The same for what reads whole tables, for 10 minutes a statement unless `read` sets another limit: on a connection of
   * its own, where the hot path's 20 s do not end it and it keeps none of the hot path's connections.
   */
  async longSnapshot<T>(read: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    const client = createClient(this.config.databaseUrl ?? '', {
      application_name: 'evently-long',
      connectionTimeoutMillis: 5_000,
      // A host that vanished is noticed by the kernel's probes, in about 12 minutes.
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      options: '-c lock_timeout=5s -c statement_timeout=10min -c idle_in_transaction_session_timeout=30s',
    });
    // Heard by whoever waits for an answer; without a listener it would end the process.
    client.on('error', () => {});
    try {
      await client.connect();
      return await inSnapshot(client, read);
    } finally {
      await client.end().catch(() => {});
    }
  }

  /** Of the pool that statements and snapshots use. */
  connections(): { open: number; idle: number; waiting: number } {
    const { totalCount, idleCount, waitingCount } = this.hot;
    return { open: totalCount, idle: idleCount, waiting: waitingCount };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.hot.end();
  }
}

async function inSnapshot<C extends pg.ClientBase, T>(
  client: C,
  read: (client: C) => Promise<T>,
): Promise<T> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const result = await read(client);
  await client.query('COMMIT');
  return result;
}
