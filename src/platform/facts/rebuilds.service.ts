import { Injectable } from '@nestjs/common';
import { type Cursor, CursorsRepository, NOTHING } from './cursors.repository.js';
import { type FactHandler, FactHandlers } from './fact-handlers.js';
import type { AnyFact } from './fact-map.js';
import { factPages, streamPages } from './fact-pages.js';
import { FactsRepository } from './facts.repository.js';
import { type Beside, RebuildsRepository } from './rebuilds.repository.js';

/** Number of new facts that may be left for the last part, for which everybody has to wait. */
const LITTLE = 2_000;

export interface RebuildProgress {
  readonly done: number;
  /** Counted when it began: what is written meanwhile comes on top. */
  readonly of: number;
}

/** Makes anew what a handler has made of facts, while it goes on. */
@Injectable()
export class RebuildsService {
  constructor(
    private readonly handlers: FactHandlers,
    private readonly cursors: CursorsRepository,
    private readonly rebuilds: RebuildsRepository,
  ) {}

  /**
   * Gives the handler every fact again, beside its tables, then puts the result in their place together with the cursor
   * that belongs to it. Its replica notices that the cursor has moved and takes up from there; parked streams are done.
   * Facts of one stream come in order, those of different streams in any: the handler must not mind.
   * @param tables all that the handler writes
   * @returns how many facts
   * Errors: StartupError when another rebuild is under way.
   */
  async run(
    name: string,
    tables: readonly string[],
    progress: (progress: RebuildProgress) => void,
  ): Promise<number> {
    const handler = this.handlers.once().find((one) => one.name === name);
    if (!handler) throw new Error(`There is no handler ${name}`);
    await this.cursors.open(name, NOTHING);
    return this.rebuilds.beside(tables, (beside) => this.feed(handler, tables, beside, progress));
  }

  private async feed(
    { name, patterns, batch, handle }: FactHandler,
    tables: readonly string[],
    beside: Beside,
    progress: (progress: RebuildProgress) => void,
  ): Promise<number> {
    const facts = FactsRepository.on(beside);
    const of = await facts.count(patterns);
    let done = 0;
    const { now } = await facts.look(NOTHING);
    for await (const page of streamPages(FactsRepository.on(beside.apart), now, patterns)) {
      await beside.transaction((tx) => handle(tx, page));
      done += page.length;
      progress({ done, of });
    }
    let at: Cursor = { seen: now, until: now, pos: '0' };
    /** Hands over what was committed until now. */
    const catchUp = async (take: (facts: readonly AnyFact[]) => Promise<void>) => {
      const { now } = await facts.look(at.until);
      for await (const page of factPages(facts, at, now, patterns)) {
        for (let start = 0; start < page.facts.length; start += batch)
          await take(page.facts.slice(start, start + batch));
        at = page.at;
        done += page.facts.length;
        progress({ done, of });
      }
    };
    for (let before = -LITTLE; done - before >= LITTLE; ) {
      before = done;
      await catchUp((some) => beside.transaction((tx) => handle(tx, some)));
    }
    await beside.transaction(async (tx) => {
      // From here on the handler waits.
      await this.cursors.lock(tx, name);
      await catchUp((some) => handle(tx, some));
      await this.rebuilds.replace(tx, tables);
      await this.cursors.unparkAll(tx, name);
      await this.cursors.move(tx, name, { seen: at.until, until: at.until, pos: '0' });
    });
    return done;
  }
}
