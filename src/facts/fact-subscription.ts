import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { isConnectionError } from '../common/database-errors.js';
import { runInContext } from '../common/request-context.js';
import { Database } from '../database/database.service.js';
import type { Tx } from '../database/tx.js';
import { type Cursor, type CursorsRepository, NOTHING } from './cursors.repository.js';
import type { FactHandler } from './fact-handlers.js';
import type { AnyFact } from './fact-map.js';
import type { FactsRepository } from './facts.repository.js';

// What lies between two snapshots is sorted anew for each fetch; a batch is one transaction.
const FETCH = 2_000;
const BATCH = 100;
const ATTEMPTS = 10;
const SAVE_IDLE_AFTER = 5_000;

/** Another relay has moved the cursor: what it did must not be done again. */
class Superseded extends Error {}

/** One handler of facts, its cursor, and its way of dealing with failures. */
export class FactSubscription {
  private readonly log = new Logger(FactSubscription.name);
  private saved!: Cursor;
  private at!: Cursor;
  private savedAt = 0;
  private target = NOTHING;
  private running: Promise<void> | undefined;

  constructor(
    private readonly handler: FactHandler,
    private readonly database: Database,
    private readonly facts: FactsRepository,
    private readonly cursors: CursorsRepository,
  ) {}

  get name(): string {
    return this.handler.name;
  }

  /** @param now the snapshot where a handler that wants no history begins */
  async open(now: string): Promise<void> {
    this.saved = await this.cursors.open(this.name, this.handler.from === 'now' ? now : NOTHING);
    this.at = this.saved;
  }

  /** Sees to it that all facts visible in a snapshot are delivered; returns at once. */
  pursue(until: string, signal: AbortSignal, failed: (error: unknown) => void): void {
    this.target = until;
    this.running ??= this.drain(signal)
      .catch(failed)
      .finally(() => {
        this.running = undefined;
      });
  }

  async settled(): Promise<void> {
    await this.running;
  }

  /** Handles a parked stream again from the fact that failed. @returns false when it was not parked */
  async retryParked(stream: string, streamId: string): Promise<boolean> {
    try {
      return await this.database.transaction(async (tx) => {
        const cursor = await this.cursors.lock(tx, this.name);
        const version = await this.cursors.unpark(tx, this.name, stream, streamId);
        if (!cursor || version === undefined) return false;
        const { patterns } = this.handler;
        for (const fact of await this.facts.passed(tx, cursor, patterns, stream, streamId, version))
          await this.handle(tx, fact);
        await this.cursors.move(tx, this.name, cursor); // see `moving`
        return true;
      });
    } catch (error) {
      await this.cursors.failedAgain(this.name, stream, streamId, String(error));
      throw error;
    }
  }

  private async drain(signal: AbortSignal): Promise<void> {
    for (;;) {
      const facts = await this.facts.next(this.at, this.handler.patterns, FETCH);
      for (let start = 0; start < facts.length; start += BATCH) {
        signal.throwIfAborted();
        await this.deliver(facts.slice(start, start + BATCH), signal);
      }
      if (facts.length === FETCH) continue;
      if (this.at.until === this.target) break;
      this.at = { seen: this.at.until, until: this.target, pos: '0' };
    }
    if (Date.now() - this.savedAt > SAVE_IDLE_AFTER && this.at !== this.saved) await this.apply([], this.at);
  }

  private async deliver(facts: AnyFact[], signal: AbortSignal): Promise<void> {
    try {
      await this.apply(facts, { ...this.at, pos: facts.at(-1)!.pos });
    } catch (error) {
      if (error instanceof Superseded || isConnectionError(error)) throw error;
      for (const fact of facts) await this.deliverAlone(fact, signal);
    }
  }

  private async deliverAlone(fact: AnyFact, signal: AbortSignal): Promise<void> {
    const to = { ...this.at, pos: fact.pos };
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.apply([fact], to);
      } catch (error) {
        if (error instanceof Superseded || isConnectionError(error)) throw error;
        if (attempt === ATTEMPTS) return await this.park(fact, to, error);
        await sleep(Math.min(20 * 2 ** attempt, 1_000), undefined, { signal });
      }
    }
  }

  /** What the handler does with these facts and the move of its cursor: both or neither. */
  private async apply(facts: AnyFact[], to: Cursor): Promise<void> {
    await this.moving(to, async (tx) => {
      // Read under the cursor's lock: a stream that is being retried is either still parked or wholly caught up.
      const parked = await this.cursors.parkedStreams(tx, this.name);
      for (const fact of facts)
        if (!parked.has(`${fact.stream} ${fact.streamId}`)) await this.handle(tx, fact);
    });
  }

  private async park(fact: AnyFact, to: Cursor, error: unknown): Promise<void> {
    this.log.error(
      { err: error, handler: this.name, stream: fact.stream, streamId: fact.streamId, version: fact.version },
      'Fact failed ten times: its stream is parked for this handler',
    );
    await this.moving(to, (tx) => this.cursors.park(tx, this.name, fact, ATTEMPTS, String(error)));
  }

  private async moving(to: Cursor, work: (tx: Tx) => Promise<void>): Promise<void> {
    await this.database.transaction(async (tx) => {
      const found = await this.cursors.lock(tx, this.name);
      const { seen, until, pos } = this.saved;
      if (found?.seen !== seen || found.until !== until || found.pos !== pos) throw new Superseded();
      await work(tx);
      // Last, so that a handler that swallowed a database error fails here instead of losing its work silently.
      await this.cursors.move(tx, this.name, to);
    });
    this.saved = this.at = to;
    this.savedAt = Date.now();
  }

  private handle(tx: Tx, fact: AnyFact): Promise<void> {
    return runInContext({ correlationId: fact.correlationId ?? `fact-${fact.pos}` }, () =>
      this.handler.handle(tx, fact),
    );
  }
}
