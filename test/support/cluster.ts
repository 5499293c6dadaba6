import type { Agent } from 'undici';
import type { TestApp } from './app.js';
import { Client } from './client.js';
import { FrontProxy, type ProxyKind } from './front-proxy.js';
import { freePort } from './process.js';
import { Replica } from './replica.js';
import { until } from './until.js';

/** Two replicas as processes of their own and a proxy in front of them, on the database of a test's application. */
export class Cluster {
  private constructor(
    private readonly app: TestApp,
    private readonly env: Record<string, string>,
    readonly replicas: [Replica, Replica],
    readonly proxy: FrontProxy,
  ) {}

  static async start(
    app: TestApp,
    { proxy = 'haproxy', env = {} }: { proxy?: ProxyKind; env?: Record<string, string> } = {},
  ): Promise<Cluster> {
    const settings = { TRUST_PROXY: 'on', ...env };
    const ports = [String(await freePort()), String(await freePort())] as const;
    const replicas = await Promise.all([
      Replica.start(app, { ...settings, PORT: ports[0] }),
      Replica.start(app, { ...settings, PORT: ports[1] }),
    ]);
    const front = await FrontProxy.start(proxy, [replicas[0].url, replicas[1].url]).catch(async (error) => {
      await Promise.all(replicas.map((replica) => replica.process.end('SIGKILL')));
      throw error;
    });
    return new Cluster(app, settings, replicas, front);
  }

  /** URL of the proxy. */
  get url(): string {
    return this.proxy.url;
  }

  /** Through the proxy. */
  client(agent: Agent, token?: string): Client {
    return new Client(this.url, agent, token);
  }

  /** Starts a replica that has ended anew, at the same address, and waits until HAProxy sends it requests. */
  async revive(which: 0 | 1): Promise<Replica> {
    const { port } = new URL(this.replicas[which].url);
    const said = this.proxy.output.length;
    const replica = await Replica.start(this.app, { ...this.env, PORT: port });
    this.replicas[which] = replica;
    await until(() => this.proxy.output.slice(said).includes(`Server replicas/replica-${which + 1} is UP`));
    return replica;
  }

  async stop(): Promise<void> {
    await this.proxy.end();
    await Promise.all(this.replicas.map((replica) => replica.process.end('SIGKILL')));
  }
}
