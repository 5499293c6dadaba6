import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type pg from 'pg';
import { createClient } from '../database/primary.js';
import { NOTHING } from './cursors.repository.js';
import { type FactReader, Superseded } from './fact-reader.js';
import { FactsPoller } from './facts.poller.js';
import type { FactsRepository } from './facts.repository.js';

const RETRY = 1_000;

/**
 * Delivers facts to some readers; one replica, the leader, does it at a time. The leader holds an advisory lock on a
 * connection of its own, so its lead ends when that connection does. Two replicas that both believe to lead do no harm,
 * only useless work: each batch checks the cursor under its row lock.
 */
export class FactLead {
  private readonly log = new Logger(FactLead.name);
  private readonly stopping = new AbortController();
  private poller = new FactsPoller();
  private running: Promise<void> | undefined;

  /** @param lock key of the advisory lock; a replica competes for it only if it can deliver to these readers */
  constructor(
    private readonly lock: number,
    private readonly readers: readonly FactReader[],
    private readonly facts: FactsRepository,
    private readonly databaseUrl: string,
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** Finishes the batch under way and gives up the lead. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.poller.stop();
    await this.running;
  }

  nudge(): void {
    this.poller.ring();
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.lead();
      } catch (error) {
        if (!this.stopping.signal.aborted)
          // A rebuild moves the cursor of its reader, which is no fault.
          this.log[error instanceof Superseded ? 'log' : 'warn'](
            { err: error, readers: this.readers.map(({ name }) => name) },
            'Lost the lead of the fact relay',
          );
      }
      await sleep(RETRY, undefined, { signal: this.stopping.signal }).catch(() => {});
    }
  }

  /** Waits for the lead, then delivers until the connection or the application ends. */
  private async lead(): Promise<void> {
    const client = createClient(this.databaseUrl, {
      application_name: 'evently-relay',
      connectionTimeoutMillis: 5_000,
      query_timeout: 10_000,
      keepAlive: true,
    });
    const lost = new AbortController();
    client.on('error', (error) => lost.abort(error));
    client.on('end', () => lost.abort(new Error('The connection ended')));
    try {
      await client.connect();
      if (await this.elected(client)) await this.deliver(client, lost);
    } finally {
      await Promise.all(this.readers.map((reader) => reader.leave()));
      await client.end().catch(() => {});
    }
  }

  private async elected(client: pg.Client): Promise<boolean> {
    while (!this.stopping.signal.aborted) {
      const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS won', [this.lock]);
      if (rows[0].won) return true;
      await sleep(RETRY, undefined, { signal: this.stopping.signal }).catch(() => {});
    }
    return false;
  }

  private async deliver(client: pg.Client, lost: AbortController): Promise<void> {
    const signal = AbortSignal.any([this.stopping.signal, lost.signal]);
    const { now } = await this.facts.look(NOTHING);
    for (const reader of this.readers) await reader.open(now);
    const poller = new FactsPoller();
    this.poller = poller;
    signal.addEventListener('abort', () => poller.stop());
    // An abort that came while the lines above were waiting reached no listener.
    if (signal.aborted) poller.stop();
    await poller.run(
      NOTHING,
      async (seen) => {
        // On the leader's own connection, so that a dead one is noticed at the next look.
        const { rows } = await client.query(
          'SELECT DISTINCT handler FROM fact_parked WHERE retry_at <= clock_timestamp()',
        );
        const view = await this.facts.look(seen);
        const due = new Set(rows.map(({ handler }) => handler));
        for (const reader of this.readers)
          if (view.found || due.has(reader.name))
            reader.pursue(view.now, due.has(reader.name), signal, (error) => lost.abort(error));
        return view;
      },
      () => {},
    );
    lost.signal.throwIfAborted();
  }
}
