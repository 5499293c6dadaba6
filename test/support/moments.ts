import { once } from 'node:events';
import { createServer } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { DataSource } from 'typeorm';
import { LOCKS } from '../../src/platform/database/advisory-locks.js';
import { checkDatabase } from '../../src/platform/database/check.js';
import { dataSourceOptions } from '../../src/platform/database/data-source.js';
import { oneAtATime } from '../../src/platform/database/one-at-a-time.js';
import { createClient, createPool } from '../../src/platform/database/primary.js';
import { FactLead } from '../../src/platform/facts/fact-lead.js';
import type { FactsRepository } from '../../src/platform/facts/facts.repository.js';

const TURN = { lock: LOCKS.demo, does: 'holds the guard' };
const LEAD = 4_869_002;

/**
 * A connection of each kind that the application makes, each in a moment of its own: the server may vanish in all of
 * them. Calls under way at that moment are in `underWay`, and have to come to an end.
 */
export class Moments {
  readonly underWay = new Map<string, Promise<unknown>>();
  private readonly closers: (() => Promise<unknown>)[] = [];
  private over = new AbortController();

  private constructor(
    private readonly url: string,
    /** Serve again after every fault. */
    readonly pools: Readonly<Record<string, pg.Pool>>,
    readonly source: DataSource,
    private readonly facts: FactsRepository,
  ) {}

  /** @param url of the database, by way of a network that can fail */
  static async prepare(url: string, facts: FactsRepository): Promise<Moments> {
    const hosts = new URL(url).host;
    const options = { max: 4, connectionTimeoutMillis: 10_000, query_timeout: 15_000, keepAlive: true };
    const pools = {
      'one host': createPool(url, options),
      'several hosts': createPool(url.replace(hosts, `${hosts},${hosts}`), options),
    };
    const source = await new DataSource(dataSourceOptions(url, 4, 4)).initialize();
    return new Moments(url, pools, source, facts);
  }

  /** All moments at once. */
  async enter(): Promise<void> {
    for (const [name, pool] of Object.entries(this.pools)) await this.ofPool(name, pool);
    await this.ofTransactions();
    await this.ofCopies();
    await this.ofOwnConnections();
  }

  /** Begins connections while the server says nothing: connecting, logging in. */
  knock(): void {
    for (const [name, pool] of Object.entries(this.pools))
      this.begin(`${name}, connecting`, pool.query('SELECT 1'));
    this.begin('transactions, connecting', this.source.query('SELECT 1'));
    this.begin('start probe, connecting', checkDatabase(this.url));
    this.begin(
      'client, connecting',
      this.withClient((client) => client.query('SELECT 1')),
    );
  }

  /** Waits until everything under way has ended, well or not. @returns names of what has not */
  async settled(ms: number): Promise<string[]> {
    this.over.abort();
    const open = new Set(this.underWay.keys());
    const all = [...this.underWay].map(([name, work]) =>
      work.finally(() => open.delete(name)).catch(() => {}),
    );
    const patience = new AbortController();
    await Promise.race([Promise.all(all), sleep(ms, undefined, patience).catch(() => {})]);
    patience.abort();
    for (const close of this.closers.splice(0)) await close().catch(() => {});
    this.underWay.clear();
    this.over = new AbortController();
    return [...open];
  }

  /** @returns names of what does not serve */
  async dead(): Promise<string[]> {
    const asked = Object.entries(this.pools).map(async ([name, pool]) => {
      const answers = await Promise.allSettled(Array.from({ length: 4 }, () => pool.query('SELECT 1')));
      return answers.some(({ status }) => status === 'rejected') ? [name] : [];
    });
    const transactions = this.source.query('SELECT 1').then(
      () => [],
      () => ['transactions'],
    );
    return (await Promise.all([...asked, transactions])).flat();
  }

  async close(): Promise<void> {
    await Promise.all([...Object.values(this.pools).map((pool) => pool.end()), this.source.destroy()]);
  }

  private begin(name: string, work: Promise<unknown>): void {
    work.catch(() => {});
    this.underWay.set(name, work);
  }

  private async ofPool(name: string, pool: pg.Pool): Promise<void> {
    const [lent, between, asking] = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const client = await pool.connect();
        this.closers.push(async () => client.release(true));
        return client;
      }),
    );
    // The fourth is idle.
    await Promise.all([lent!.query('SELECT 1'), between!.query('BEGIN'), pool.query('SELECT 1')]);
    this.begin(`${name}, in a statement`, asking!.query('SELECT pg_sleep(3)'));
  }

  private async ofCopies(): Promise<void> {
    const [reading, writing] = [await this.ownClient(), await this.ownClient()];
    const lines = 'SELECT repeat(md5(n::text), 32) FROM generate_series(1, 100000) n';
    const out = reading.query(copyTo(`COPY (${lines}) TO STDOUT`));
    this.begin('COPY out', drained(out, this.over.signal));
    await writing.query('CREATE TEMP TABLE moment (line text)');
    const into = writing.query(copyFrom('COPY moment FROM STDIN'));
    this.begin('COPY in', filled(into, this.over.signal));
  }

  private async ofTransactions(): Promise<void> {
    const [lent, between, asking] = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const runner = this.source.createQueryRunner();
        await runner.connect();
        this.closers.push(() => runner.release());
        return runner;
      }),
    );
    await this.source.query('SELECT 1');
    await lent!.query('SELECT 1');
    await between!.startTransaction();
    this.begin('transactions, in a statement', asking!.query('SELECT pg_sleep(1.5)'));
  }

  private async ofOwnConnections(): Promise<void> {
    const entered = Promise.withResolvers<void>();
    const guarded = oneAtATime(this.url, TURN, async () => {
      entered.resolve();
      await once(this.over.signal, 'abort');
    });
    this.begin('guard, holding', guarded);
    await entered.promise;
    this.begin(
      'guard, waiting',
      oneAtATime(this.url, TURN, async () => {}),
    );
    const lead = new FactLead(LEAD, [], this.facts, this.url);
    lead.start();
    this.closers.push(() => lead.stop());
    await this.ownClient();
    const leaving = await this.ownClient();
    this.begin(
      'client, saying goodbye',
      leaving.query('SELECT pg_sleep(1)').finally(() => leaving.end()),
    );
  }

  private async ownClient(): Promise<pg.Client> {
    const client = createClient(this.url);
    this.closers.push(() => client.end());
    await client.connect();
    return client;
  }

  private async withClient<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = createClient(this.url, { connectionTimeoutMillis: 10_000 });
    try {
      await client.connect();
      return await work(client);
    } finally {
      await client.end().catch(() => {});
    }
  }
}

/** Reads nothing until the fault is over. */
async function drained(stream: NodeJS.ReadableStream, signal: AbortSignal): Promise<void> {
  for await (const _ of stream) if (!signal.aborted) await once(signal, 'abort');
}

async function filled(stream: NodeJS.WritableStream, signal: AbortSignal): Promise<void> {
  const lines = async function* () {
    yield 'one\n';
    if (!signal.aborted) await once(signal, 'abort');
  };
  await pipeline(lines, stream);
}

/** Server in PostgreSQL's place that breaks off in the middle of a greeting. @returns its port, and how to end it */
export async function rudeServer(answer: Buffer): Promise<{ port: number; close(): void }> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(answer);
      socket.once('data', () => socket.resetAndDestroy());
      setTimeout(() => socket.resetAndDestroy(), 100);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as { port: number }).port, close: () => server.close() };
}
