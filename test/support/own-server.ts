import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { startEmbedded } from '../../src/platform/database/embedded-server.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { makeDataFolder } from './data-folder.js';

/**
 * Does some work on a PostgreSQL of its own, migrated, in a temporary folder that is gone afterwards. The environment is
 * set for it, so what reads the environment is to be imported by the work.
 */
export async function onOwnServer<T>(logLevel: string, work: (url: string) => Promise<T>): Promise<T> {
  const dataDir = makeDataFolder('own');
  const server = await startEmbedded(dataDir);
  Object.assign(process.env, {
    NODE_ENV: 'test',
    LOG_LEVEL: logLevel,
    DATABASE_URL: server.url,
    EVENTLY_DATA_DIR: dataDir,
    EVENTLY_JWT_SECRET: randomBytes(48).toString('base64url'),
  });
  const cleanUp = async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
    if (!server.directory.startsWith(dataDir))
      rmSync(dirname(server.directory), { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => void cleanUp().finally(() => process.exit(130)));
  try {
    await migrate(server.url);
    return await work(server.url);
  } finally {
    await cleanUp();
  }
}
