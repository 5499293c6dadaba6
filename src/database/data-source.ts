import type { DataSourceOptions } from 'typeorm';
import { migrations } from './migrations/index.js';
import { poolTarget } from './primary.js';

/** Options shared by the application, the migrations and the TypeORM command line. */
export function dataSourceOptions(url: string, poolSize = 10): DataSourceOptions {
  const { connectionString, ...client } = poolTarget(url);
  return {
    type: 'postgres',
    url: connectionString,
    poolSize,
    migrations,
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    applicationName: 'evently',
    connectTimeoutMS: 5_000,
    extra: {
      ...client,
      keepAlive: true,
      options: '-c lock_timeout=5s -c statement_timeout=60s -c idle_in_transaction_session_timeout=30s',
    },
  };
}
