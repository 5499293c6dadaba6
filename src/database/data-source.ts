import type { DataSourceOptions } from 'typeorm';
import { migrations } from './migrations/index.js';

/** Options shared by the application, the migrations and the TypeORM command line. */
export function dataSourceOptions(url: string, poolSize = 10): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    poolSize,
    migrations,
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    applicationName: 'evently',
    connectTimeoutMS: 5_000,
    extra: {
      keepAlive: true,
      options: '-c lock_timeout=5s -c statement_timeout=60s -c idle_in_transaction_session_timeout=30s',
    },
  };
}
