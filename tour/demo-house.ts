import { rmSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { runCli } from '../test/support/cli.js';
import { Client, createAgent, type Json } from '../test/support/client.js';
import { makeDataFolder } from '../test/support/data-folder.js';
import { EventlyProcess, freePort } from '../test/support/process.js';
import { until } from '../test/support/until.js';

const SALES_MS = 120_000;
const DAY_MS = 86_400_000;

/** A demo as `npm start` shows it, in a folder of its own that is gone afterwards. */
export class DemoHouse {
  private readonly agent = createAgent(16);

  private constructor(
    readonly url: string,
    /** Seconds until it was ready. */
    readonly ready: number,
    private readonly folder: string,
    private readonly process: EventlyProcess,
  ) {}

  static async open(): Promise<DemoHouse> {
    const folder = makeDataFolder('tour');
    const port = String(await freePort());
    const began = performance.now();
    const env = { EVENTLY_DEMO: 'on', EVENTLY_DATA_DIR: folder, PORT: port, LOG_LEVEL: 'warn' };
    const house = new EventlyProcess(env);
    await house.ready();
    return new DemoHouse(`http://localhost:${port}`, (performance.now() - began) / 1_000, folder, house);
  }

  /** Waits until the sales of the last two months are in and counted. The largest halls come last. */
  async filled(): Promise<void> {
    const { get } = await this.client('organizer@evently.test');
    const day = (ago: number) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);
    await until(async () => {
      const { body } = await get(`/analytics/summary?from=${day(40)}&to=${day(10)}`);
      return body.current.tickets > 0;
    }, SALES_MS);
  }

  event = async (title: string): Promise<Json> =>
    (await new Client(this.url, this.agent).get(`/events?q=${encodeURIComponent(title)}`)).body.data[0];

  /** Requests as one of the demo's accounts. */
  async client(email: string): Promise<Client> {
    const nobody = new Client(this.url, this.agent);
    const { password } = (await nobody.get('/demo/logins')).body;
    const { body } = await nobody.post('/auth/login', { email, password });
    return new Client(this.url, this.agent, body.accessToken);
  }

  /** Fails when anything happened that never may. */
  async audit(): Promise<void> {
    const { code, out } = await runCli('audit', [], { EVENTLY_DATA_DIR: this.folder });
    if (code !== 0) throw new Error(out);
  }

  async close(): Promise<void> {
    await this.agent.close();
    await this.process.end('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
