import { Logger } from '@nestjs/common';
import { isOutage } from '../common/database-errors.js';
import type { DatabaseService } from '../database/database.service.js';
import { type Cursor, type CursorsRepository, MAX_ATTEMPTS } from './cursors.repository.js';
import type { FactHandler } from './fact-handlers.js';
import type { AnyFact } from './fact-map.js';
import type { FactPage } from './fact-pages.js';
import { FactReader, Superseded } from './fact-reader.js';
import type { FactsRepository } from './facts.repository.js';

/** Milliseconds that new facts wait at most for retries of streams; the remaining retries come with the next look. */
const RETRIES_MS = 200;

/**
 * An `@OnFact` handler, and its way of dealing with failures: a stream that fails is set aside at once and tried again
 * by itself, with longer and longer pauses, while the facts of all others go on.
 */
export class FactSubscription extends FactReader {
  private readonly log = new Logger(FactSubscription.name);

  constructor(
    private readonly handler: FactHandler,
    database: DatabaseService,
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
      const attempts = await this.cursors.failedAgain(this.name, stream, streamId, String(error));
      if (attempts === MAX_ATTEMPTS)
        this.log.error(
          { err: error, handler: this.name, stream, streamId },
          'Stream failed ten times: it waits for an operator',
        );
      throw error;
    }
  }

  /** Never at the same time as `deliver`: each would wait for the other's lock of the cursor. */
  protected override async retryDue(signal: AbortSignal): Promise<void> {
    const end = performance.now() + RETRIES_MS;
    for (const { stream, streamId } of await this.cursors.due(this.name)) {
      signal.throwIfAborted();
      if (performance.now() > end) return;
      try {
        await this.retryParked(stream, streamId);
      } catch (error) {
        if (isOutage(error)) throw error;
      }
    }
  }

  protected async deliver({ facts, at }: FactPage, signal: AbortSignal): Promise<void> {
    const { batch } = this.handler;
    for (let start = 0; start < facts.length; start += batch) {
      signal.throwIfAborted();
      await this.deliverBatch(facts.slice(start, start + batch), at, signal);
    }
  }

  /**
   * Delivers a batch. If it fails, its halves are tried, down to the facts that fail alone; only those are set aside.
   */
  private async deliverBatch(facts: readonly AnyFact[], at: Cursor, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const last = facts.at(-1)!;
    try {
      await this.apply(facts, { ...at, pos: last.pos });
    } catch (error) {
      if (error instanceof Superseded || isOutage(error)) throw error;
      if (facts.length === 1) return await this.setAside(last, { ...at, pos: last.pos }, error);
      const half = Math.ceil(facts.length / 2);
      await this.deliverBatch(facts.slice(0, half), at, signal);
      await this.deliverBatch(facts.slice(half), at, signal);
    }
  }

  /** Runs the handler on these facts and moves its cursor, both or neither. */
  private async apply(facts: readonly AnyFact[], to: Cursor): Promise<void> {
    await this.moving(to, async (tx) => {
      // Read under the cursor's lock: a stream that is being retried is either still parked or wholly caught up.
      const parked = await this.cursors.parkedStreams(tx, this.name);
      const open = facts.filter((fact) => !parked.has(`${fact.stream} ${fact.streamId}`));
      if (open.length > 0) await this.handler.handle(tx, open);
    });
  }

  private async setAside(fact: AnyFact, to: Cursor, error: unknown): Promise<void> {
    const { stream, streamId, version } = fact;
    this.log.warn(
      { err: error, handler: this.name, stream, streamId, version },
      'Fact failed: its stream is set aside for this handler and tried again',
    );
    await this.moving(to, (tx) => this.cursors.park(tx, this.name, fact, String(error)));
  }
}
