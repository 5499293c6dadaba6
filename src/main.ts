import 'reflect-metadata';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { banner } from './cli/banner.js';
import { nameOf } from './cli/command.js';
import { Lifecycle } from './cli/lifecycle.js';
import type { HealthService } from './operations/health/health.service.js';
import { traceSources } from './platform/common/stack-traces.js';
import { StartupError } from './platform/common/startup-error.js';
import { type HttpSettings, loadConfig, type Settings, withDatabaseAt } from './platform/config/config.js';
import { LOCKS } from './platform/database/advisory-locks.js';
import { checkDatabase } from './platform/database/check.js';
import { type EmbeddedServer, startEmbedded } from './platform/database/embedded-server.js';
import { migrate } from './platform/database/migrate.js';
import { oneAtATime } from './platform/database/one-at-a-time.js';
import type { ServerAdapter } from './platform/http/server.adapter.js';
import { createPino } from './platform/observability/logger.js';

// A rush opens a thousand connections within a few milliseconds; beyond the backlog each waits a second for its retry.
const BACKLOG = 4096;

traceSources();

let say = (line: string) => console.log(line);
const lifecycle = new Lifecycle((line) => say(line));

async function start(): Promise<void> {
  const settings = loadConfig(process.env);
  if (settings.env === 'production') say = logLines(settings);
  await checkPort(settings.http);
  const opening = openDatabase(settings);
  // Takes a second, in which PostgreSQL starts.
  const loading = Promise.all([
    import('./app.js'),
    import('./operations/demo/demo.js'),
    import('./operations/demo/sales.js'),
    import('./operations/health/health.service.js'),
  ]);
  const { url, server } = await opening;
  const config = withDatabaseAt(url, settings);
  // Loaded before any connection is opened: on a busy machine the modules took more than the 10 s after which a
  // database counts as gone.
  const [{ createApp }, { loadDemo }, { startSales }, { HealthService }] = await loading;
  await checkDatabase(config.database.url, nameOf(config));
  const applied = await migrate(config.database.url, { say });
  if (applied.length > 0) say(`Migrated the database: ${applied.length} applied.`);
  const app = await lifecycle.start(createApp(config), (created) => created.close());
  await app.init();
  // Replicas that start together on an empty database: the first loads it, the others find it there.
  const turn = { lock: LOCKS.demo, does: 'loads the demo', say };
  const hasDemo = config.demo && config.role !== 'worker';
  const sales = hasDemo ? await oneAtATime(config.database.url, turn, () => loadDemo(app, say)) : [];
  await listen(app, config.http);
  lifecycle.farewell = () => sayGoodbye(app, app.get(HealthService), config.http);
  say(`Evently is ready at ${await app.getUrl()}`);
  if (config.env !== 'production') for (const line of banner(config, server)) say(line);
  await lifecycle.start(Promise.resolve(startSales(app, sales, say)), (stop) => stop());
}

/** The database of `DATABASE_URL`, else the embedded one, which ends with this process. */
async function openDatabase({
  database: { url },
  dataDir,
}: Settings): Promise<{ url: string; server?: EmbeddedServer }> {
  if (url !== undefined) return { url };
  say('Starting PostgreSQL ...');
  const server = await lifecycle.start(startEmbedded(dataDir), (started) => started.stop());
  return { url: server.url, server };
}

/** Gives proxies time to notice that this replica is about to end, and to send new requests to others. */
async function sayGoodbye(
  app: NestFastifyApplication,
  health: HealthService,
  { drainSeconds }: HttpSettings,
): Promise<void> {
  const adapter = app.getHttpAdapter() as unknown as ServerAdapter;
  adapter.leaving = true;
  health.leave();
  await sleep(drainSeconds * 1_000);
}

/** In production standard output is a log, one JSON document a line. */
function logLines({ logLevel }: Settings): (line: string) => void {
  const log = createPino(logLevel);
  return (line) => log.info(line);
}

/** Checks the port before anything is started: the usual mistake is a second start. */
async function checkPort({ port, host }: HttpSettings): Promise<void> {
  const probe = createServer();
  await new Promise<void>((free, taken) => {
    probe.once('error', taken);
    probe.listen(port, host, () => probe.close(() => free()));
  }).catch((error: NodeJS.ErrnoException) => {
    throw portProblem(error, port, host);
  });
}

async function listen(app: NestFastifyApplication, { port, host }: HttpSettings): Promise<void> {
  try {
    await app.listen({ port, host, backlog: BACKLOG });
  } catch (error) {
    throw portProblem(error as NodeJS.ErrnoException, port, host);
  }
}

function portProblem(error: NodeJS.ErrnoException, port: number, host: string): Error {
  if (error.code === 'EADDRINUSE')
    return new StartupError(
      `Port ${port} is in use by another program: stop it, or choose another port with PORT=${port + 1} npm start.`,
    );
  if (error.code === 'EACCES')
    return new StartupError(
      `Port ${port} needs privileges: choose one above 1023, e.g. PORT=8000 npm start.`,
    );
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new StartupError(`HOST ${host} is not an address of this machine.`);
  return error;
}

await start().catch((error: unknown) => lifecycle.fail(error));
