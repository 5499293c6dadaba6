import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { databaseErrorCode, isFailing, isOutage, violatedConstraint } from '../common/database-errors.js';
import { CONFIG, type Config } from '../config/config.js';
import { MetersService } from '../observability/meters.service.js';
import { traced } from '../observability/tracing.js';
import { meterPools, StatementMeter } from './database-meters.js';
import { createClient, createPool } from './primary.js';
import { FailedQueries, QuerySpans, STATEMENT } from './query-subscribers.js';
import { committed, type Tx } from './tx.js';

const RETRYABLE = new Set<string | undefined>(['40001', '40P01']);
const MAX_ATTEMPTS = 4;

/** Serialization failures, deadlocks, and two writers who took the same next version of a stream of facts. */
function worthRepeating(error: unknown): boolean {
  return RETRYABLE.has(databaseErrorCode(error)) || violatedConstraint(error) === 'fact_stream_version';
}

// Never wait on a lock or a client for long: a stopped replica must not stall an event. A generic plan keeps a claim
// on a just published 50,000-seat event at 3 ms instead of 43 ms (the custom plan trusts statistics not yet there).
const HOT_SETTINGS =
  '-c plan_cache_mode=force_generic_plan -c lock_timeout=5s -c statement_timeout=15s -c idle_in_transaction_session_timeout=10s';

/** Statement that writes a megabyte, dropped when it ends. */
const ROOM = `CREATE TEMP TABLE evently_room ON COMMIT DROP AS SELECT repeat('x', 1000) AS x FROM generate_series(1, 1000)`;

/** Name of a prepared statement, `area.verb`; also that of its metrics and spans. */
export type StatementName = `${Lowercase<string>}.${Lowercase<string>}`;

/**
 * The two ways to the database: transactions through TypeORM, and named statements of the hot path through the driver.
 */
@Injectable()
export class DatabaseService implements OnApplicationShutdown {
  private readonly hot: pg.Pool;
  private readonly meter: StatementMeter;
  private readonly log = new Logger(DatabaseService.name);
  private failure: string | undefined;

  constructor(
    @InjectDataSource() readonly source: DataSource,
    @Inject(CONFIG) private readonly config: Config,
    meters: MetersService,
  ) {
    this.meter = new StatementMeter(meters);
    this.hot = createPool(config.database.url, {
      max: config.database.connections,
      connectionTimeoutMillis: 5_000,
      // Longer than PostgreSQL's own limit, so it runs out only when the host is gone without a word.
      query_timeout: 20_000,
      keepAlive: true,
      options: HOT_SETTINGS,
      application_name: 'evently-hot',
    });
    meters.gauge(
      'evently_database_failing',
      '1 while PostgreSQL cannot store changes, for lack of space or because of a broken disk',
      () => [{ value: this.failure === undefined ? 0 : 1 }],
    );
    source.subscribers.push(new FailedQueries((statement, error) => this.failed(statement, error)));
    if (config.tracing) source.subscribers.push(new QuerySpans());
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
        if (attempt === MAX_ATTEMPTS || !worthRepeating(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 5 * attempt * (1 + Math.random())));
        continue;
      }
      committed(tx);
      return result;
    }
  }

  /** One autocommitted statement, prepared under its name once per connection. */
  async statement<Row extends pg.QueryResultRow>(
    name: StatementName,
    text: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    const began = performance.now();
    try {
      const { rows } = await traced(name, STATEMENT, () => this.hot.query<Row>({ name, text, values }));
      this.meter.done(name, began);
      return rows;
    } catch (error) {
      this.failed(name, error);
      throw error;
    }
  }

  /** One call of a SQL function, whose answer the statement names `result`. */
  async call<Result>(name: StatementName, text: string, values: unknown[]): Promise<Result> {
    const [row] = await this.statement<{ result: Result }>(name, text, values);
    return row!.result;
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
   * The same for what reads whole tables, for 10 minutes a statement unless `read` sets another limit: on a connection
   * of its own, where the hot path's 20 s do not end it and it keeps none of the hot path's connections.
   */
  async longSnapshot<T>(read: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    const client = createClient(this.config.database.url, {
      application_name: 'evently-long',
      connectionTimeoutMillis: 5_000,
      // A host that vanished is noticed by the kernel's probes, in about 12 minutes.
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      options: '-c lock_timeout=5s -c statement_timeout=10min -c idle_in_transaction_session_timeout=30s',
    });
    try {
      await client.connect();
      return await inSnapshot(client, read);
    } finally {
      await client.end().catch(() => {});
    }
  }

  /**
   * SQLSTATE with which PostgreSQL last said that it cannot store anything; undefined once it can again, which this
   * call checks by a write. As long as no change has failed, nothing is checked or written.
   */
  async storageFailure(): Promise<string | undefined> {
    if (this.failure === undefined) return undefined;
    try {
      // A temporary table always needs new pages; rows of another might fit where others were.
      await this.hot.query(ROOM);
      this.failure = undefined;
      this.log.log('PostgreSQL accepts changes again');
    } catch (error) {
      if (!isOutage(error)) this.failure = undefined;
      this.remember(error);
    }
    return this.failure;
  }

  /** Connections of the pool that statements and snapshots use. */
  connections(): { open: number; idle: number; waiting: number } {
    const { totalCount, idleCount, waitingCount } = this.hot;
    return { open: totalCount, idle: idleCount, waiting: waitingCount };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.hot.end();
  }

  private failed(statement: string, error: unknown): void {
    this.meter.failed(statement, error);
    this.remember(error);
  }

  private remember(error: unknown): void {
    if (!isFailing(error)) return;
    if (this.failure === undefined) this.log.error({ err: error }, 'PostgreSQL cannot store anything');
    this.failure = databaseErrorCode(error);
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
