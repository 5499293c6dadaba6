import { parseArgs } from 'node:util';
import { explain, withDatabase } from './cli.js';
import { loadConfig } from './config/config.js';
import { migrate } from './database/migrate.js';

const USAGE = 'Usage: npm run migrate   brings the database to this release, as replicas do when they start';

try {
  parseArgs({ options: {} });
  const applied = await withDatabase(loadConfig(process.env), ({ databaseUrl }) => migrate(databaseUrl));
  console.log(applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'Nothing to apply.');
} catch (error) {
  console.error(explain(error, USAGE));
  process.exitCode = 1;
}
