import type { Cursor } from './cursors.repository.js';
import type { AnyFact } from './fact-map.js';
import { type FactsRepository, LARGE_PAGE, PAGE } from './facts.repository.js';

export interface FactPage {
  /** At most PAGE, by `pos`; may be empty. */
  readonly facts: readonly AnyFact[];
  /** Where a reader is who is done with them. */
  readonly at: Cursor;
}

/**
 * The matching facts after a cursor that the snapshot `target` shows, in order.
 *
 * Daily life is one short page. Where there is more, one look at the rest says which transactions wrote which piece of
 * it, so that each further page reads its own piece only: without it each one sorted all that was left (1,000,000
 * facts: 500 pages of 0.4 s each, now 9 ms).
 */
export async function* factPages(
  facts: FactsRepository,
  from: Cursor,
  target: string,
  patterns: string[],
): AsyncGenerator<FactPage> {
  let at = from;
  for (;;) {
    const first = await facts.next(at, patterns);
    at = past(at, first);
    yield { facts: first, at };
    if (first.length === PAGE)
      for (const piece of await facts.pieces(at)) {
        const next = await facts.piece(at, patterns, piece);
        at = past(at, next);
        yield { facts: next, at };
      }
    if (at.until === target) return;
    at = { seen: at.until, until: target, pos: '0' };
  }
}

const past = (cursor: Cursor, facts: readonly AnyFact[]): Cursor => ({
  ...cursor,
  pos: facts.at(-1)?.pos ?? cursor.pos,
});

/**
 * All matching facts that a snapshot shows, by stream, each page read while the one before is being worked on. Most streams
 * lie on one page as a whole: whoever adds up facts finds there what they need, and writes once what comes of it.
 */
export async function* streamPages(
  facts: FactsRepository,
  snapshot: string,
  patterns: string[],
  size = LARGE_PAGE,
): AsyncGenerator<readonly AnyFact[]> {
  let next = facts.byStream(snapshot, patterns, size);
  for (;;) {
    const page = await next;
    if (page.length === 0) return;
    next = facts.byStream(snapshot, patterns, size, page.at(-1));
    // Where the work on this page fails, nobody asks for the next.
    next.catch(() => {});
    yield page;
  }
}
