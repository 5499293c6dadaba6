import { parseArgs } from 'node:util';
import { loadConfig } from '../platform/config/config.js';
import { migrate } from '../platform/database/migrate.js';
import { runCommand, withDatabase } from './command.js';

const USAGE = `Brings the database to this release, as replicas do when they start.

  npm run migrate

The database is that of DATABASE_URL, else the embedded one of EVENTLY_DATA_DIR (default .evently), which is made when there is none.`;

await runCommand(USAGE, async () => {
  parseArgs({ options: {} });
  const config = loadConfig(process.env);
  const say = (line: string) => console.log(line);
  const applied = await withDatabase(config, ({ database }) => migrate(database.url, { say }), {
    create: true,
  });
  console.log(applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'Nothing to apply.');
});
