import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type pg from 'pg';
import { createApp } from '../../src/app.js';
import { TokenService } from '../../src/auth/tokens/token.service.js';
import type { Role } from '../../src/platform/access/principal.js';
import type { Config } from '../../src/platform/config/config.js';
import { Client, createAgent } from './client.js';
import { configWith, type Overrides } from './config.js';
import { createTestDatabase, joinTestDatabase } from './database.js';
import { makePeople, type People } from './people.js';

export interface TestApp {
  readonly url: string;
  readonly config: Config;
  readonly nest: NestFastifyApplication;
  /** For set-up and audits, apart from the application's own connections. */
  readonly db: pg.Pool;
  client(token?: string): Client;
  people<const N extends number>(count: N, role?: Role): Promise<People<N>>;
  close(): Promise<void>;
}

/**
 * The whole application on a database of its own, listening on a free port. Rate limits and the demo are off unless
 * given. With the database of another it is one more replica on that database, which it leaves alone at the end. `extras`: modules
 * beside the product's own.
 */
export async function startApp(overrides: Overrides = {}, extras: Type[] = []): Promise<TestApp> {
  const database = overrides.database?.url
    ? joinTestDatabase(overrides.database.url)
    : await createTestDatabase();
  const config = configWith({ ...overrides, database: { ...overrides.database, url: database.url } });
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
