import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { isConnectionError } from '../common/database-errors.js';
import type { Database } from '../database/database.service.js';
import type { Cursor, CursorsRepository } from './cursors.repository.js';
import type { FactHandler } from './fact-handlers.js';
import type { AnyFact } from './fact-map.js';
import type { FactPage } from './fact-pages.js';
import { FactReader, Superseded } from './fact-reader.js';
import type { FactsRepository } from './facts.repository.js';

const ATTEMPTS = 10;

/** An `@OnFact` handler, and its way of dealing with failures. */
export class FactSubscription extends FactReader {
  private readonly log = new Logger(FactSubscription.name);

  constructor(
    private readonly handler: FactHandler,
    database: Database,
    facts: FactsRepository,
    cursors: CursorsRepository,
  ) {
    super(database, facts, cursors);
  }

  get name(): string {
    return this.handler.name;
  }

  get patterns(): string[] {
    return this.handler.patterns;
  }

  protected get from() {
    return this.handler.from;
  }

  /** Handles a parked stream again from the fact that failed. @returns false when it was not parked */
  async retryParked(stream: string, streamId: string): Promise<boolean> {
    try {
      return await this.database.transaction(async (tx) => {
        const cursor = await this.cursors.lock(tx, this.name);
        const version = await this.cursors.unpark(tx, this.name, stream, streamId);
        if (!cursor || version === undefined) return false;
        const passed = await this.facts.passed(tx, cursor, this.patterns, stream, streamId, version);
        if (passed.length > 0) await this.handler.handle(tx, passed);
        await this.cursors.move(tx, this.name, cursor); // see `moving`
        return true;
      });
    } catch (error) {
      await this.cursors.failedAgain(this.name, stream, streamId, String(error));
      throw error;
    }
  }

  protected async deliver({ facts, at }: FactPage, signal: AbortSignal): Promise<void> {
    const { batch } = this.handler;
    for (let start = 0; start < facts.length; start += batch) {
      signal.throwIfAborted();
      await this.deliverBatch(facts.slice(start, start + batch), at, signal);
    }
  }

  private async deliverBatch(facts: readonly AnyFact[], at: Cursor, signal: AbortSignal): Promise<void> {
    try {
      await this.apply(facts, { ...at, pos: facts.at(-1)!.pos });
    } catch (error) {
      if (error instanceof Superseded || isConnectionError(error)) throw error;
      for (const fact of facts) await this.deliverAlone(fact, { ...at, pos: fact.pos }, signal);
    }
  }

  private async deliverAlone(fact: AnyFact, to: Cursor, signal: AbortSignal): Promise<void> {
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
  private async apply(facts: readonly AnyFact[], to: Cursor): Promise<void> {
    await this.moving(to, async (tx) => {
      // Read under the cursor's lock: a stream that is being retried is either still parked or wholly caught up.
      const parked = await this.cursors.parkedStreams(tx, this.name);
      const open = facts.filter((fact) => !parked.has(`${fact.stream} ${fact.streamId}`));
      if (open.length > 0) await this.handler.handle(tx, open);
    });
  }

  private async park(fact: AnyFact, to: Cursor, error: unknown): Promise<void> {
    this.log.error(
      { err: error, handler: this.name, stream: fact.stream, streamId: fact.streamId, version: fact.version },
      'Fact failed ten times: its stream is parked for this handler',
    );
    await this.moving(to, (tx) => this.cursors.park(tx, this.name, fact, ATTEMPTS, String(error)));
  }
}
