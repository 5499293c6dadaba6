import type { Cursor } from './cursors.repository.js';
import type { AnyFact } from './fact-map.js';
import { type FactsRepository, LARGE_PAGE, PAGE } from './facts.repository.js';

export interface FactPage {
  /** At most PAGE, by `pos`; may be empty. */
  readonly facts: readonly AnyFact[];
  /** Cursor of a reader that has handled these facts. */
  readonly at: Cursor;
}

/**
 * The matching facts after a cursor that the snapshot `target` shows, in order.
 *
 * Usually there is one short page. If there are more, one look at the rest finds which transactions wrote which piece
 * of it, so that each further page reads its own piece only. Without the look each page sorted the whole rest
 * (1,000,000 facts: 500 pages of 0.4 s each, now 9 ms).
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
 * All matching facts that a snapshot shows, by stream; each page is read while the one before is being processed. Most
 * streams lie on one page as a whole, so that a handler that adds up facts writes its sums once.
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
