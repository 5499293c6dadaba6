import { Inject, Injectable } from '@nestjs/common';
import { newCode, newId } from '../common/ids.js';
import { CONFIG, type Config } from '../config/config.js';
import { InventoryService } from '../inventory/inventory.service.js';
import { InventoryMemory } from '../inventory/inventory-memory.service.js';
import { LineRepository, type Settled } from './line.repository.js';
import { stockOf } from './stock.js';
import { isEmpty, type Plan, type PlannedOffer, Planner } from './waitlist.rules.js';

const ENTRIES_A_PAGE = 1_000;
/** Keeps the feed row's lock for some 10 ms at a time. */
const OFFERS_A_CALL = 20;
/** So often in a row may a plan be overtaken before the line is left alone for a second. */
const ATTEMPTS = 5;

const NOTHING = { collect: null, bypassed: [], keep: [], free: [], areas: [] };

interface Run {
  again: boolean;
  readonly done: Promise<void>;
}

/**
 * Offers what was freed to those who wait. Plans on memory, without a lock; the database looks at everything again and
 * carries a plan out up to the first thing that has changed. So any number of replicas may do this at once.
 */
@Injectable()
export class MatcherService {
  private readonly runs = new Map<string, Run>();

  constructor(
    private readonly lines: LineRepository,
    private readonly inventory: InventoryService,
    private readonly memories: InventoryMemory,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Resolves when nothing is left to offer of what was free when this was called. One run an event at a time. */
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
        for (let left = ATTEMPTS; left > 0; ) {
          const step = await this.settleOnce(eventId);
          if (step === 'done') break;
          left = step === 'more' ? ATTEMPTS : left - 1;
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
      // What becomes of the remaining seats comes with the last of the offers.
      const piece = {
        ...(last ? rest : NOTHING),
        restart: restart && done === 0,
        offers: offers.slice(done, done + OFFERS_A_CALL).map(withIds),
      };
      const { outcome, made } = await this.inventory.follow(eventId, (since) =>
        this.settle(eventId, piece, since),
      );
      if (outcome !== 'ok') return 'done';
      if (made < piece.offers.length) return 'overtaken';
    }
    return 'more';
  }

  private settle(eventId: string, piece: object, since: number): Promise<Settled> {
    const { waitlistOfferSeconds, waitlistCollectSeconds } = this.config;
    return this.lines.settle(eventId, piece, waitlistOfferSeconds, waitlistCollectSeconds, since);
  }

  private async plan(eventId: string): Promise<Plan | undefined> {
    const { now, collector, areas } = await this.lines.standing(eventId);
    const memory = await this.memories.fresh(eventId);
    if (!memory) return undefined;
    const policy = { bypasses: this.config.waitlistBypasses };
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
