import type { DatabaseService } from '../database/database.service.js';
import type { Tx } from '../database/tx.js';
import { type Cursor, type CursorsRepository, NOTHING } from './cursors.repository.js';
import { type FactPage, factPages } from './fact-pages.js';
import type { FactsRepository } from './facts.repository.js';

const SAVE_IDLE_AFTER = 5_000;

/** Another relay has moved the cursor: its work must not be repeated. */
export class Superseded extends Error {}

/** Reader that the leader of the relay delivers facts to; it has a cursor of its own in the database. */
export abstract class FactReader {
  abstract readonly name: string;
  /** SQL LIKE patterns of the kinds it wants. */
  abstract readonly patterns: string[];
  protected abstract readonly from: 'beginning' | 'now';
  protected at!: Cursor;
  private saved!: Cursor;
  private savedAt = 0;
  private target = NOTHING;
  /** True when a stream that was set aside is due. */
  private due = false;
  private running: Promise<void> | undefined;

  constructor(
    protected readonly database: DatabaseService,
    protected readonly facts: FactsRepository,
    protected readonly cursors: CursorsRepository,
  ) {}

  /** Delivers the facts of a page, in order, and moves the cursor behind each part that is done. */
  protected abstract deliver(page: FactPage, signal: AbortSignal): Promise<void>;

  /** Retries streams that were set aside and are due. */
  protected async retryDue(_signal: AbortSignal): Promise<void> {}

  /** @param now the snapshot where a reader that wants no history begins */
  async open(now: string): Promise<void> {
    this.saved = await this.cursors.open(this.name, this.from === 'now' ? now : NOTHING);
    this.at = this.saved;
  }

  /** Starts the delivery of all facts visible in a snapshot, and of due streams; returns at once. */
  pursue(until: string, due: boolean, signal: AbortSignal, failed: (error: unknown) => void): void {
    this.target = until;
    this.due ||= due;
    this.running ??= this.drain(signal).catch(failed);
  }

  /** Waits for the delivery under way and drops the rest: another replica leads from now on. */
  async leave(): Promise<void> {
    await this.running;
  }

  /** Runs the work and moves the cursor: both or neither, and neither if another relay has moved the cursor. */
  protected async moving(to: Cursor, work: (tx: Tx) => Promise<void>): Promise<void> {
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

  /**
   * Delivers until nothing is wanted. No await lies between the last check and the end, so a later call starts anew.
   */
  private async drain(signal: AbortSignal): Promise<void> {
    try {
      do {
        for await (const page of factPages(this.facts, this.at, this.target, this.patterns)) {
          await this.deliver(page, signal);
          this.at = page.at;
        }
        if (this.due) {
          this.due = false;
          await this.retryDue(signal);
        }
        if (Date.now() - this.savedAt > SAVE_IDLE_AFTER && this.at !== this.saved)
          await this.moving(this.at, async () => {});
      } while (this.at.until !== this.target || this.due);
    } finally {
      this.running = undefined;
    }
  }
}
