import { Injectable } from '@nestjs/common';
import { type Cursor, CursorsRepository, NOTHING } from './cursors.repository.js';
import { FactHandlers } from './fact-handlers.js';
import type { AnyFact } from './fact-map.js';
import { factPages } from './fact-pages.js';
import { FactsRepository } from './facts.repository.js';
import { type Beside, RebuildsRepository } from './rebuilds.repository.js';

/** What is new may be so much when everybody has to wait for it. */
const LITTLE = 2_000;

export interface RebuildProgress {
  readonly done: number;
  /** Counted when it began: what is written meanwhile comes on top. */
  readonly of: number;
}

/** Makes anew what a handler has made of facts, while it goes on. */
@Injectable()
export class Rebuilds {
  constructor(
    private readonly handlers: FactHandlers,
    private readonly facts: FactsRepository,
    private readonly cursors: CursorsRepository,
    private readonly rebuilds: RebuildsRepository,
  ) {}

  /**
   * Gives the handler every fact again, beside its tables, then puts the result in their place together with the cursor
   * that belongs to it. Its replica notices that the cursor has moved and takes up from there; parked streams are done.
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
    const { patterns, batch } = handler;
    const of = await this.rebuilds.count(patterns);
    let done = 0;
    let at: Cursor = { seen: NOTHING, until: NOTHING, pos: '0' };
    /** Hands over what lies before the snapshot. */
    const feed = async (until: string, take: (facts: readonly AnyFact[]) => Promise<void>) => {
      for await (const page of factPages(this.facts, at, until, patterns)) {
        for (let start = 0; start < page.facts.length; start += batch)
          await take(page.facts.slice(start, start + batch));
        at = page.at;
        done += page.facts.length;
        progress({ done, of });
      }
    };
    const now = async () => (await this.facts.look(at.until)).now;
    const catchUp = async (beside: Beside) => {
      for (let before = -LITTLE; done - before >= LITTLE; ) {
        before = done;
        await feed(await now(), (facts) => beside.transaction((tx) => handler.handle(tx, facts)));
      }
    };
    await this.rebuilds.beside(tables, async (beside) => {
      await catchUp(beside);
      await beside.transaction(async (tx) => {
        // From here on the handler waits.
        await this.cursors.lock(tx, name);
        const until = await now();
        await feed(until, (facts) => handler.handle(tx, facts));
        await this.rebuilds.replace(tx, tables);
        await this.cursors.unparkAll(tx, name);
        await this.cursors.move(tx, name, { seen: until, until, pos: '0' });
      });
    });
    return done;
  }
}
