import { Inject, Injectable } from '@nestjs/common';
import { InventoryService } from '../inventory/changes/inventory.service.js';
import { InventoryMemoryService } from '../inventory/memory/inventory-memory.service.js';
import { newCode, newId } from '../platform/common/ids.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { LineRepository, type Settled } from './line.repository.js';
import { stockOf } from './stock.js';
import { isEmpty, type Plan, type PlannedOffer, Planner } from './waitlist.rules.js';

const ENTRIES_A_PAGE = 1_000;
/** Keeps the feed row's lock for some 10 ms at a time. */
const OFFERS_A_CALL = 20;
/** Number of times in a row that a plan may be overtaken before the line is left alone for a second. */
const MAX_ATTEMPTS = 5;

const NOTHING = { collect: null, bypassed: [], keep: [], free: [], areas: [] };

interface Run {
  again: boolean;
  readonly done: Promise<void>;
}

/**
 * Offers freed seats and places to the people who wait. Plans on memory, without a lock; the database checks everything
 * again and carries a plan out up to the first change. So any number of replicas may do this at once.
 */
@Injectable()
export class MatcherService {
  private readonly runs = new Map<string, Run>();

  constructor(
    private readonly lines: LineRepository,
    private readonly inventory: InventoryService,
    private readonly memories: InventoryMemoryService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Resolves when all seats that were free at the call are offered, as far as possible. One run an event at a time. */
  match(eventId: string): Promise<void> {
    const under = this.runs.get(eventId);
    if (under) {
      under.again = true;
      return under.done;
    }
    const run: Run = { again: true, done: Promise.resolve().then(() => this.repeat(eventId, run)) };
    this.runs.set(eventId, run);
    return run.done;
  }

  private async repeat(eventId: string, run: Run): Promise<void> {
    try {
      while (run.again) {
        run.again = false;
        for (let left = MAX_ATTEMPTS; left > 0; ) {
          const step = await this.settleOnce(eventId);
          if (step === 'done') break;
          left = step === 'more' ? MAX_ATTEMPTS : left - 1;
        }
      }
    } finally {
      this.runs.delete(eventId);
    }
  }

  private async settleOnce(eventId: string): Promise<'done' | 'more' | 'overtaken'> {
    const plan = await this.plan(eventId);
    if (!plan || isEmpty(plan)) return 'done';
    const { offers, restart, ...rest } = plan;
    for (let done = 0, last = false; !last; done += OFFERS_A_CALL) {
      last = done + OFFERS_A_CALL >= offers.length;
      // The fate of the remaining seats is sent with the last offers.
      const piece = {
        ...(last ? rest : NOTHING),
        restart: restart && done === 0,
        offers: offers.slice(done, done + OFFERS_A_CALL).map(withIds),
      };
      const { outcome, made } = await this.inventory.commitChange(eventId, (since) =>
        this.settle(eventId, piece, since),
      );
      if (outcome !== 'ok') return 'done';
      if (made < piece.offers.length) return 'overtaken';
    }
    return 'more';
  }

  private settle(eventId: string, piece: object, since: number): Promise<Settled> {
    const { offerSeconds, collectSeconds } = this.config.waitlist;
    return this.lines.settle(eventId, piece, offerSeconds, collectSeconds, since);
  }

  private async plan(eventId: string): Promise<Plan | undefined> {
    const { now, collector, areas } = await this.lines.standing(eventId);
    const memory = await this.memories.fresh(eventId);
    if (!memory) return undefined;
    const policy = { bypasses: this.config.waitlist.bypasses };
    const planner = new Planner(stockOf(memory, areas), collector, policy, now);
    for (let after = '0', more = true; more; ) {
      const entries = await this.lines.waiting(eventId, after, ENTRIES_A_PAGE);
      for (const entry of entries) planner.serve(entry);
      more = entries.length === ENTRIES_A_PAGE && !planner.exhausted;
      after = entries.at(-1)?.place ?? after;
    }
    return planner.finish();
  }
}

const withIds = ({ quantity, ...offer }: PlannedOffer) => ({
  ...offer,
  booking: newId(),
  code: newCode(),
  items: Array.from({ length: quantity }, newId),
});
