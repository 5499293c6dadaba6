import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type pg from 'pg';
import { createApp } from '../../src/app.js';
import type { Role } from '../../src/auth/principal.js';
import { TokenService } from '../../src/auth/token.service.js';
import { type Config, loadConfig } from '../../src/config/config.js';
import { Client, createAgent } from './client.js';
import { createTestDatabase, joinTestDatabase } from './database.js';
import { makePeople, type Person } from './people.js';

export interface TestApp {
  readonly url: string;
  readonly config: Config;
  readonly nest: NestFastifyApplication;
  /** For set-up and audits, apart from the application's own connections. */
  readonly db: pg.Pool;
  client(token?: string): Client;
  people(count: number, role?: Role): Promise<Person[]>;
  close(): Promise<void>;
}

/**
 * The whole application on a database of its own, listening on a free port. Rate limits and the demo are off unless
 * given. With `databaseUrl` it is one more replica on that database, which it leaves alone at the end. `extras`: modules
 * beside the product's own.
 */
export async function startApp(overrides: Partial<Config> = {}, extras: Type[] = []): Promise<TestApp> {
  const database = overrides.databaseUrl
    ? joinTestDatabase(overrides.databaseUrl)
    : await createTestDatabase();
  const config: Config = {
    ...loadConfig({ ...process.env, PORT: '0', LOG_LEVEL: process.env.LOG_LEVEL ?? 'error' }),
    demo: false,
    rateLimits: false,
    ...overrides,
    databaseUrl: database.url,
  };
  const nest = await createApp(config, extras);
  await nest.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
  const url = `http://127.0.0.1:${new URL(await nest.getUrl()).port}`;
  const agent = createAgent();
  const client = (token?: string) => new Client(url, agent, token);
  return {
    url,
    config,
    nest,
    db: database.pool,
    client,
    people: (count, role = 'user') => makePeople(count, role, database.pool, nest.get(TokenService), client),
    close: async () => {
      await agent.destroy();
      await nest.close();
      await database.drop();
    },
  };
}
