import pg from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { ColumnNames } from './columns.js';
import { migrations } from './migrations/index.js';
import { patientSocket } from './patient-socket.js';
import { poolTarget } from './primary.js';

/**
 * Options shared by the application, the migrations and the TypeORM command line.
 * @param seconds what PostgreSQL allows itself for one statement; a connection that is silent for a quarter longer is ended
 */
export function dataSourceOptions(url: string, poolSize = 10, seconds = 60): DataSourceOptions {
  const { connectionString, ...client } = poolTarget(url);
  return {
    type: 'postgres',
    driver: pg,
    url: connectionString,
    poolSize,
    namingStrategy: new ColumnNames(),
    migrations,
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    applicationName: 'evently',
    connectTimeoutMS: 5_000,
    extra: {
      ...client,
      keepAlive: true,
      stream: () => patientSocket(seconds * 1_250),
      options: `-c lock_timeout=5s -c statement_timeout=${seconds}s -c idle_in_transaction_session_timeout=30s`,
    },
  };
}
