import type pg from 'pg';
import { databaseErrorCode } from '../common/database-errors.js';
import { type Counter, remembered } from '../observability/instruments.js';
import type { MetersService } from '../observability/meters.service.js';

const BUCKETS = [0.002, 0.01, 0.05, 0.1, 0.5, 2, 10];

/** Times the named statements, and counts those that failed. */
export class StatementMeter {
  private readonly failures: Counter;
  private readonly observerOf: (statement: string) => (seconds: number) => void;

  constructor(meters: MetersService) {
    const times = meters.histogram(
      'evently_database_statement_seconds',
      'Time of a statement, waiting for a connection included, by its name',
      BUCKETS,
    );
    this.observerOf = remembered(new Map(), (statement) => times.child({ statement }));
    this.failures = meters.counter(
      'evently_database_errors_total',
      'Statements that failed, by name and class of SQLSTATE; `none` when the database could not be asked',
    );
  }

  done(statement: string, began: number): void {
    this.observerOf(statement)((performance.now() - began) / 1_000);
  }

  failed(statement: string, error: unknown): void {
    const code = databaseErrorCode(error);
    this.failures.child({
      statement,
      sqlstate: code && /^[0-9A-Z]{5}$/.test(code) ? code.slice(0, 2) : 'none',
    })();
  }
}

/** Gauges of the connection pools: open and idle connections, and waiting callers. */
export function meterPools(meters: MetersService, pools: Readonly<Record<string, pg.Pool>>): void {
  const each = (read: (pool: pg.Pool) => number) => () =>
    Object.entries(pools).map(([pool, one]) => ({ labels: { pool }, value: read(one) }));
  const gauge = (name: string, help: string, read: (pool: pg.Pool) => number) =>
    meters.gauge(`evently_database_connections_${name}`, help, each(read));
  gauge('open', 'Open connections to PostgreSQL, by pool', (pool) => pool.totalCount);
  gauge('idle', 'Open connections that nobody uses', (pool) => pool.idleCount);
  gauge('limit', 'Connections that a pool may open', (pool) => pool.options.max);
  gauge('waiting', 'Requests that wait for a connection', (pool) => pool.waitingCount);
}
