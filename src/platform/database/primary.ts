import type { EventEmitter } from 'node:events';
import pg from 'pg';
import { urlsOf } from '../config/database-urls.js';

/** How long a host may take to say whether it is the primary. */
const PROBE_TIMEOUT_MS = 2_000;

/** Null for a standby. */
const timeline = `
  SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END AS timeline`;

export const { escapeIdentifier } = pg;

/**
 * A connection whose end ends nothing else. An error event without a listener ends the process, and pools leave moments
 * without one: while they lend a connection out, take it back or throw it away. This one has a listener from birth to
 * end, at each of its layers. A caller that waits for an answer gets the error anyway.
 */
class HeardClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const { connection } = this as unknown as { connection: EventEmitter & { stream: EventEmitter } };
    const layers: EventEmitter[] = [this, connection, connection.stream];
    for (const layer of layers) layer.on('error', () => {});
  }
}

/**
 * For pg's pools: the address, and a client class that connects to the primary, also where it is one of several hosts.
 */
export function poolTarget(databaseUrl: string): { connectionString: string; Client: typeof pg.Client } {
  const urls = urlsOf(databaseUrl);
  const connectionString = urls[0] ?? databaseUrl;
  return { connectionString, Client: urls.length > 1 ? clientClass(urls) : HeardClient };
}

/** A single connection, to the primary. */
export function createClient(databaseUrl: string, options: pg.ClientConfig = {}): pg.Client {
  const { Client, ...target } = poolTarget(databaseUrl);
  return new Client({ ...options, ...target });
}

/** A pool, which replaces connections that have ended. */
export function createPool(databaseUrl: string, options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ ...options, ...poolTarget(databaseUrl) });
  pool.on('error', () => {});
  return pool;
}

/** Which of several hosts is the primary, remembered until a connection to it ends. */
class Primary {
  private found: Promise<string> | undefined;

  constructor(private readonly urls: readonly string[]) {}

  find(): Promise<string> {
    this.found ??= this.look().catch((error) => {
      this.found = undefined;
      throw error;
    });
    return this.found;
  }

  forget(): void {
    this.found = undefined;
  }

  /**
   * Asks all hosts, since an old primary that came back by itself still takes itself for the primary: the promoted one
   * has the higher timeline.
   */
  private async look(): Promise<string> {
    const answers = await Promise.allSettled(this.urls.map(ask));
    const [primary] = answers
      .flatMap((answer, i) =>
        answer.status === 'fulfilled' && answer.value ? [{ url: this.urls[i]!, timeline: answer.value }] : [],
      )
      .sort((a, b) => b.timeline.localeCompare(a.timeline));
    if (primary) return primary.url;
    const reasons = answers.map((answer, i) => {
      const why =
        answer.status === 'fulfilled' ? 'is a standby' : answer.reason.message || answer.reason.code;
      return `${new URL(this.urls[i]!).host} ${why}`;
    });
    // cannot_connect_now: the same as one server says while it starts.
    throw Object.assign(new Error(`no primary among them: ${reasons.join('; ')}`), { code: '57P03' });
  }
}

async function ask(connectionString: string): Promise<string | null> {
  const client = new HeardClient({
    connectionString,
    connectionTimeoutMillis: PROBE_TIMEOUT_MS,
    query_timeout: PROBE_TIMEOUT_MS,
  });
  try {
    await client.connect();
    return (await client.query(timeline)).rows[0].timeline;
  } finally {
    void client.end().catch(() => {});
  }
}

const classes = new Map<string, typeof pg.Client>();

/** One class for the same hosts, so that all pools of the process learn of a failover together. */
function clientClass(urls: readonly string[]): typeof pg.Client {
  const known = classes.get(urls.join());
  if (known) return known;
  const primary = new Primary(urls);
  class PrimaryClient extends HeardClient {
    override connect(): Promise<this>;
    override connect(callback: (error: Error) => void): void;
    override connect(callback?: (error: Error) => void): Promise<this> | undefined {
      const connected = this.connectToPrimary();
      if (!callback) return connected.then(() => this);
      connected.then(() => callback(undefined as unknown as Error), callback);
      return undefined;
    }

    private async connectToPrimary(): Promise<void> {
      const { hostname, port } = new URL(await primary.find());
      Object.assign(this, { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 5432) });
      this.once('end', () => primary.forget());
      try {
        await super.connect();
      } catch (error) {
        primary.forget();
        throw error;
      }
    }
  }
  classes.set(urls.join(), PrimaryClient);
  return PrimaryClient;
}
