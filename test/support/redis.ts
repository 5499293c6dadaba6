import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './process.js';
import { tool } from './tools.js';

/** A Redis on loopback that keeps nothing on disk: what is killed comes back empty. */
export class RedisServer {
  private server: ChildProcess | undefined;
  private readonly directory = mkdtempSync(join(tmpdir(), 'evently-redis-'));

  private constructor(
    private readonly port: number,
    readonly url: string,
  ) {}

  static async start(): Promise<RedisServer> {
    const port = await freePort();
    const redis = new RedisServer(port, `redis://127.0.0.1:${port}`);
    await redis.resume();
    return redis;
  }

  /** Setting of an application that waits for answers as long as a busy machine takes; its own limit is 10 ms. */
  get patient(): { url: string; timeoutMs: number } {
    return { url: this.url, timeoutMs: 2_000 };
  }

  /** Starts it anew, empty. */
  async resume(): Promise<void> {
    const options = ['--port', `${this.port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.server = spawn(tool('redis-server'), [...options, '--dir', this.directory], { stdio: 'ignore' });
    for (const end = Date.now() + 10_000; ; await sleep(20)) {
      const answer = await this.command((redis) => redis.ping()).catch(() => undefined);
      if (answer === 'PONG') return;
      if (Date.now() > end || this.server.exitCode !== null) throw new Error('Redis did not start');
    }
  }

  /** SIGSTOP freezes it: connections stay open, nothing is answered. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.server?.kill(name);
  }

  /** @param signal SIGKILL as a crash; SIGTERM lets it end in order */
  async stop(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const { server } = this;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'close');
    server.kill(signal);
    await ended;
  }

  /** Runs commands of the test's own, apart from the application's connection. Keys are not prefixed. */
  async command<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => {});
    try {
      await redis.connect();
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  }
}
