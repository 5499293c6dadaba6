import 'reflect-metadata';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { banner } from './banner.js';
import { StartupError } from './common/startup-error.js';
import { type Config, loadConfig } from './config/config.js';
import { checkDatabase } from './database/check.js';
import { startEmbedded } from './database/embedded-server.js';
import { migrate } from './database/migrate.js';
import { oneAtATime } from './database/one-at-a-time.js';
import type { DrainingAdapter } from './draining.adapter.js';
import type { HealthService } from './health/health.service.js';
import { Lifecycle } from './lifecycle.js';
import { createPino } from './observability/logger.js';

// A rush opens a thousand connections within a few milliseconds; beyond the backlog each waits a second for its retry.
const BACKLOG = 4096;
const DEMO_LOCK = 4_860_139;

let say = (line: string) => console.log(line);
const lifecycle = new Lifecycle((line) => say(line));

async function start(): Promise<void> {
  const given = loadConfig(process.env);
  if (given.env === 'production') say = logLines(given);
  await checkPort(given);
  if (given.embeddedDatabase) say('Starting PostgreSQL ...');
  // Takes a second, in which PostgreSQL starts.
  const loading = Promise.all([
    import('./app.js'),
    import('./demo/demo.js'),
    import('./health/health.service.js'),
  ]);
  const server = given.databaseUrl
    ? undefined
    : await lifecycle.start(startEmbedded(given.dataDir), (started) => started.stop());
  const config = { ...given, databaseUrl: given.databaseUrl ?? server?.url ?? '' };
  // Before any connection is waited for: on a busy machine modules took more than the 10 s after which a database counts as gone.
  const [{ createApp }, { loadDemo }, { HealthService }] = await loading;
  await checkDatabase(config.databaseUrl);
  const applied = await migrate(config.databaseUrl);
  if (applied.length > 0) say(`Migrated the database: ${applied.length} applied.`);
  const app = await lifecycle.start(createApp(config), (created) => created.close());
  await app.init();
  // Replicas that start together on an empty database: the first loads it, the others find it there.
  if (config.demo && config.role !== 'worker')
    await oneAtATime(config.databaseUrl, DEMO_LOCK, () => loadDemo(app, say));
  await listen(app, config);
  lifecycle.farewell = () => sayGoodbye(app, app.get(HealthService), config);
  say(`Evently is ready at ${await app.getUrl()}`);
  if (config.env !== 'production') for (const line of banner(config, server)) say(line);
}

/** Proxies notice within the time given that this replica is about to end, and send what comes to others. */
async function sayGoodbye(
  app: NestFastifyApplication,
  health: HealthService,
  { drainSeconds }: Config,
): Promise<void> {
  const adapter = app.getHttpAdapter() as unknown as DrainingAdapter;
  adapter.leaving = true;
  health.leave();
  await sleep(drainSeconds * 1_000);
}

/** In production standard output is a log, one JSON document a line. */
function logLines({ logLevel }: Config): (line: string) => void {
  const log = createPino(logLevel);
  return (line) => log.info(line);
}

/** Before anything is started: the usual mistake is a second start. */
async function checkPort({ port, host }: Config): Promise<void> {
  const probe = createServer();
  await new Promise<void>((free, taken) => {
    probe.once('error', taken);
    probe.listen(port, host, () => probe.close(() => free()));
  }).catch((error: NodeJS.ErrnoException) => {
    throw portProblem(error, port, host);
  });
}

async function listen(app: NestFastifyApplication, { port, host }: Config): Promise<void> {
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
