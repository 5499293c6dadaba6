import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './process.js';
import { tool } from './tools.js';

export type ProxyKind = 'haproxy' | 'nginx';

interface Addresses {
  readonly EVENTLY_LISTEN: string;
  readonly REPLICA_1: string;
  readonly REPLICA_2: string;
}

/** A real proxy in front of two replicas, with the files of `deploy/`. */
export class FrontProxy {
  output = '';

  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly directory: string,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
  }

  /** @param replicas where the two are, `http://host:port`; they may come later */
  static async start(kind: ProxyKind, [first, second]: readonly [string, string]): Promise<FrontProxy> {
    const listen = `127.0.0.1:${await freePort()}`;
    const directory = mkdtempSync(join(tmpdir(), 'evently-proxy-'));
    const addresses = {
      EVENTLY_LISTEN: listen,
      REPLICA_1: new URL(first).host,
      REPLICA_2: new URL(second).host,
    };
    const child = kind === 'haproxy' ? startHaproxy(addresses) : startNginx(addresses, directory);
    const proxy = new FrontProxy(`http://${listen}`, child, directory);
    try {
      await proxy.answers();
    } catch (error) {
      await proxy.end();
      throw error;
    }
    return proxy;
  }

  async end(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      await once(this.child, 'close');
    }
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Until a replica answers through it. */
  private async answers(): Promise<void> {
    for (const end = Date.now() + 15_000; ; await sleep(50)) {
      const answer = await fetch(`${this.url}/api/v1/health/ready`).catch(() => undefined);
      if (answer?.status === 200) return;
      if (Date.now() > end || this.child.exitCode !== null)
        throw new Error(`The proxy does not answer:\n${this.output}`);
    }
  }
}

function startHaproxy(addresses: Addresses): ChildProcess {
  return spawn(tool('haproxy'), ['-db', '-f', 'deploy/haproxy/haproxy.cfg'], {
    env: { ...addresses },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function startNginx(addresses: Addresses, directory: string): ChildProcess {
  const site = Object.entries(addresses).reduce(
    (text, [name, value]) => text.replaceAll(`\${${name}}`, value),
    readFileSync('deploy/nginx/evently.conf.template', 'utf8'),
  );
  // Directories that the official image has set up.
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${directory}/${name};`)
    .join('\n');
  writeFileSync(
    join(directory, 'nginx.conf'),
    `daemon off; master_process off; pid ${directory}/pid; error_log stderr;
     events { worker_connections 16384; }
     http { access_log off; ${temporary} ${site} }`,
  );
  return spawn(tool('nginx'), ['-c', join(directory, 'nginx.conf'), '-p', directory], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
