import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './process.js';
import { tool } from './tools.js';

// Debian's command is a wrapper that always uses the system's own data folder and account.
const DEBIAN = '/usr/lib/rabbitmq/bin/rabbitmq-server';

/** A RabbitMQ on loopback with its data in a temporary folder, and an epmd of its own. */
export class RabbitMq {
  private server: ChildProcess | undefined;

  private constructor(
    private readonly directory: string,
    private readonly env: Record<string, string>,
    private readonly epmd: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<RabbitMq> {
    const directory = mkdtempSync(join(tmpdir(), 'evently-rabbitmq-'));
    const [port, distribution, names] = [await freePort(), await freePort(), await freePort()];
    const epmd = spawn('epmd', ['-port', `${names}`, '-address', '127.0.0.1'], { stdio: 'ignore' });
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: directory, // where the cookie is
      ERL_EPMD_PORT: `${names}`,
      ERL_EPMD_ADDRESS: '127.0.0.1',
      RABBITMQ_NODENAME: `evently-${port}@localhost`,
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: `${port}`,
      RABBITMQ_DIST_PORT: `${distribution}`,
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
      RABBITMQ_MNESIA_BASE: join(directory, 'data'),
      RABBITMQ_LOG_BASE: directory,
      RABBITMQ_LOGS: '-',
      RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'plugins'),
      RABBITMQ_CONFIG_FILE: join(directory, 'rabbitmq'),
      RABBITMQ_CONF_ENV_FILE: '/dev/null',
      RABBITMQ_PID_FILE: join(directory, 'pid'),
    };
    const broker = new RabbitMq(directory, env, epmd, `amqp://guest:guest@127.0.0.1:${port}`);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => void broker.remove().finally(() => process.exit(130)));
    await broker.resume();
    return broker;
  }

  /** Starts it on the data it left. */
  async resume(): Promise<void> {
    const command = existsSync(DEBIAN) ? DEBIAN : tool('rabbitmq-server');
    // A group of its own: the script is a shell, the server its child.
    this.server = spawn(command, {
      env: this.env,
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [this.server.stdout, this.server.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-20_000);
      });
    for (const end = Date.now() + 60_000; !output.includes('startup complete'); await sleep(50))
      if (Date.now() > end || this.server.exitCode !== null) throw new Error(`RabbitMQ:\n${output}`);
  }

  /** @param signal SIGKILL as a crash; SIGTERM lets it end in order */
  async stop(signal: NodeJS.Signals): Promise<void> {
    const { server } = this;
    if (!server?.pid || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'close');
    process.kill(-server.pid, signal);
    await ended;
  }

  /** SIGSTOP freezes it: connections stay open, nothing is answered. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    if (this.server?.pid) process.kill(-this.server.pid, name);
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    this.epmd.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
