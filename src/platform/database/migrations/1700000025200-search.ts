import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFunctions } from '../functions.js';

const PIECE_ROWS = 1_000;

/**
 * Search that reads texts as people do, the same on every server: docs/decisions/search.md. No function here asks the locale of the
 * database or PostgreSQL's text-search parser, which takes every character beyond ASCII for a letter where the locale is C.
 */
export class Search1700000025200 implements MigrationInterface {
  readonly name = 'Search1700000025200';

  async up(db: QueryRunner): Promise<void> {
    const values = { ...LETTERS, COLLATION: await unicodeCollation(db) };
    await createFunctions(db, 'platform', ['search_fold_v2', 'search_words_v2', 'search_tokens_v2'], values);
    await createFunctions(db, 'events', ['event_search_v2']);
    await createFunctions(db, 'platform', ['search_query_v2', 'search_phrase_v2']);
    await createFunctions(db, 'events', ['event_listing_search_v2']);
    await db.query(
      `CREATE INDEX event_by_category_v2 ON event (search_fold_v2(category)) WHERE status = 'published'`,
    );
    await db.query(
      `CREATE INDEX event_by_title_v2 ON event ((left(search_fold_v2(title), 100) COLLATE "C"), id)
        WHERE status = 'published'`,
    );
    await db.query('CREATE INDEX event_listing_by_city_v2 ON event_listing (search_fold_v2(city))');
    // In pieces, each within the time that a statement may take.
    for (let last = '00000000-0000-0000-0000-000000000000'; last; ) {
      const [rows]: [{ event_id: string }[]] = await db.query(
        `UPDATE event_listing SET search = search
          WHERE event_id IN (SELECT event_id FROM event_listing WHERE event_id > $1 ORDER BY event_id LIMIT ${PIECE_ROWS})
         RETURNING event_id`,
        [last],
      );
      last =
        rows
          .map(({ event_id }) => event_id)
          .toSorted()
          .at(-1) ?? '';
    }
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TRIGGER event_listing_search_v2 ON event_listing');
    await db.query('DROP INDEX event_by_category_v2, event_by_title_v2, event_listing_by_city_v2');
    await db.query(
      `DROP FUNCTION event_listing_search_v2, event_search_v2, search_phrase_v2, search_query_v2, search_tokens_v2,
         search_words_v2, search_fold_v2`,
    );
    await db.query(
      `UPDATE event_listing l SET search = event_search(e.title, concat_ws(' ', e.category, l.venue_name, l.city), e.description)
         FROM event e WHERE e.id = l.event_id`,
    );
  }
}

/** A collation that knows the letters of Unicode whatever the locale of the database: PostgreSQL's own since 18, ICU's before. */
async function unicodeCollation(db: QueryRunner): Promise<string> {
  const [found] = await db.query(
    `SELECT quote_ident(collname) AS name FROM pg_collation WHERE collname IN ('pg_unicode_fast', 'und-x-icu')
      ORDER BY collname LIMIT 1`,
  );
  if (!found) throw new Error('The search needs PostgreSQL 18, or an older one that was built with ICU');
  return found.name;
}

/** Sets of characters, as regular expressions of PostgreSQL name them. */
export const LETTERS = {
  /** Scripts that put no space between words. */
  UNSPACED: String.raw`\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff`,
  /** Letters, digits, and the vowel signs of India and its neighbours, which belong to their word. */
  WORD_CHARACTERS: String.raw`[:alnum:]\u0900-\u0963\u0971-\u0dff\u0e00-\u0eff\u0f71-\u0fbc\u1000-\u109f\u1780-\u17ff`,
};
