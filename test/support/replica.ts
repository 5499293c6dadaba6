import type { Agent } from 'undici';
import type { TestApp } from './app.js';
import { Client } from './client.js';
import { EventlyProcess, freePort } from './process.js';

/** Evently as a process of its own on the database of a test's application: to be killed, stopped and measured. */
export class Replica {
  private constructor(
    readonly url: string,
    readonly process: EventlyProcess,
  ) {}

  /** The port is free unless `env.PORT` names one. Tokens made by the application are good here too. */
  static async start(app: TestApp, env: Record<string, string> = {}): Promise<Replica> {
    const port = env.PORT ?? String(await freePort());
    const process = new EventlyProcess({
      NODE_ENV: 'test',
      LOG_LEVEL: 'error',
      DATABASE_URL: app.config.database.url,
      EVENTLY_DATA_DIR: app.config.dataDir,
      EVENTLY_JWT_SECRET: app.config.auth.jwtSecret,
      EVENTLY_RATE_LIMITS: 'off',
      EVENTLY_SWEEPER: 'off',
      ...env,
      PORT: port,
    });
    return new Replica(`http://127.0.0.1:${port}`, await process.ready());
  }

  client(agent: Agent, token?: string): Client {
    return new Client(this.url, agent, token);
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.process.pid, name);
  }
}
