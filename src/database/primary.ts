import pg from 'pg';
import { urlsOf } from '../config/database-urls.js';

/** How long a host may take to say whether it is the primary. */
const PATIENCE = 2_000;

/** Null for a standby. */
const timeline = `
  SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END AS timeline`;

/** For pg's pools: the address, and with several hosts a client class that connects to whichever is the primary. */
export function poolTarget(databaseUrl: string): { connectionString: string; Client?: typeof pg.Client } {
  const urls = urlsOf(databaseUrl);
  const connectionString = urls[0] ?? databaseUrl;
  return urls.length > 1 ? { connectionString, Client: clientClass(urls) } : { connectionString };
}

/** A single connection, to the primary. */
export function createClient(databaseUrl: string, options: pg.ClientConfig = {}): pg.Client {
  const { Client = pg.Client, ...target } = poolTarget(databaseUrl);
  return new Client({ ...options, ...target });
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
   * All are asked, since a dead primary that came back by itself takes itself for one: the promoted one has the higher
   * timeline.
   */
  private async look(): Promise<string> {
    const answers = await Promise.allSettled(this.urls.map(ask));
    const primaries = answers
      .map((answer, i) => ({
        url: this.urls[i]!,
        timeline: answer.status === 'fulfilled' ? answer.value : null,
      }))
      .sort((a, b) => (b.timeline ?? '').localeCompare(a.timeline ?? ''));
    if (primaries[0]?.timeline) return primaries[0].url;
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
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: PATIENCE,
    query_timeout: PATIENCE,
  });
  client.on('error', () => {});
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
  class PrimaryClient extends pg.Client {
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
