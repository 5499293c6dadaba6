import { Injectable } from '@nestjs/common';
import type { Reach } from '../platform/access/permissions.js';
import { categoryWords } from '../platform/common/event-categories.js';
import { DatabaseService } from '../platform/database/database.service.js';
import type { Tx } from '../platform/database/tx.js';
import type { EventRecord, EventStatus } from './event.rules.js';
import type { Sort } from './event-lists.schemas.js';
import { parseSearch } from './search.rules.js';

/** One entry of a list, as the database has it. */
export interface Listing
  extends Pick<
    EventRecord,
    | 'id'
    | 'organizerId'
    | 'venueId'
    | 'title'
    | 'category'
    | 'status'
    | 'sandbox'
    | 'startsAt'
    | 'endsAt'
    | 'timezone'
    | 'currency'
    | 'saleStartsAt'
    | 'saleEndsAt'
    | 'salePausedAt'
    | 'imageUrl'
    | 'image'
    | 'publishedAt'
  > {
  venueName: string;
  city: string;
  country: string;
  fromPrice: number | null;
  places: number;
  freePlaces: number;
}

export interface ListFilter {
  /** Undefined: in any state. */
  status?: EventStatus;
  /** Undefined: sandbox events and others. */
  sandbox?: boolean;
  organizer?: string;
  /** Only those within it. */
  reach?: Reach;
  venue?: string;
  q?: string;
  category?: string;
  city?: string;
  from?: Date;
  to?: Date;
  currency?: string;
  priceMin?: number;
  priceMax?: number;
  available?: boolean;
}

export interface ListPosition {
  sort: Sort;
  limit: number;
  /** Sort key and id of the last entry of the page before. */
  after?: readonly [key: string | number, id: string];
}

const COLUMNS = `
  e.id, e.organizer_id AS "organizerId", e.venue_id AS "venueId", l.venue_name AS "venueName", l.city, l.country,
  e.title, e.category, e.status, e.sandbox, e.starts_at AS "startsAt", e.ends_at AS "endsAt", e.timezone, e.currency,
  e.sale_starts_at AS "saleStartsAt", e.sale_ends_at AS "saleEndsAt", e.sale_paused_at AS "salePausedAt",
  e.image_url AS "imageUrl", e.image, e.published_at AS "publishedAt", l.from_price::float8 AS "fromPrice", l.places, l.free_places AS "freePlaces"`;

const utc = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

// Events without a price come last: their price counts as 2^53 - 1, the largest number that a cursor carries exactly.
const PRICE = 'coalesce(l.from_price, 9007199254740991)';

// Drafts, in one's own list, by when they were made.
const PUBLISHED = 'coalesce(e.published_at, e.created_at)';

/** Expression that a list is ordered by (an index has the same expression), its form in a cursor, and its type. */
const ORDERS: Record<Sort, { by: string; key?: string; type: string; descending?: true }> = {
  startsAt: { by: 'e.starts_at', key: utc('e.starts_at'), type: 'timestamptz' },
  '-startsAt': { by: 'e.starts_at', key: utc('e.starts_at'), type: 'timestamptz', descending: true },
  price: { by: PRICE, key: `(${PRICE})::float8`, type: 'bigint' },
  '-price': { by: PRICE, key: `(${PRICE})::float8`, type: 'bigint', descending: true },
  title: { by: 'left(search_fold_v2(e.title), 100) COLLATE "C"', type: 'text' },
  '-publishedAt': { by: PUBLISHED, key: utc(PUBLISHED), type: 'timestamptz', descending: true },
  relevance: { by: 'ts_rank(l.search, query.q)', type: 'real', descending: true },
};

/** The projection that lists, searches and prices of events are read from. */
@Injectable()
export class ListingsRepository {
  constructor(private readonly database: DatabaseService) {}

  /** Makes the entry what event, tiers and venue say now; places stay as they are. */
  async put(tx: Tx, eventId: string): Promise<void> {
    await tx.query(
      `INSERT INTO event_listing (event_id, venue_name, city, country, from_price, search)
       SELECT e.id, v.name, v.city, v.country, (SELECT min(t.price) FROM price_tier t WHERE t.event_id = e.id),
              '' -- by its trigger
         FROM event e JOIN venue v ON v.id = e.venue_id WHERE e.id = $1
       ON CONFLICT (event_id) DO UPDATE
          SET venue_name = EXCLUDED.venue_name, city = EXCLUDED.city, country = EXCLUDED.country,
              from_price = EXCLUDED.from_price, search = EXCLUDED.search`,
      [eventId],
    );
  }

  async open(tx: Tx, eventId: string, places: number, fromPrice: number | null): Promise<void> {
    await tx.query(
      'UPDATE event_listing SET places = $2, free_places = $2, from_price = $3 WHERE event_id = $1',
      [eventId, places, fromPrice],
    );
  }

  /** One page and the number of all, in one statement. `key` is the sort key for the cursor. */
  async page(
    filter: ListFilter,
    { sort, limit, after }: ListPosition,
  ): Promise<{ rows: (Listing & { key: string | number })[]; total: number }> {
    const values: unknown[] = [];
    const value = (v: unknown) => `$${values.push(v)}`;
    const tables = `event e JOIN event_listing l ON l.event_id = e.id${searched(filter.q, value)}`;
    const where = conditions(filter, value).join(' AND ') || 'true';
    // Counting 10,000 events takes 2 ms without the join and 12 ms with it.
    const counted = where.includes('l.') ? tables : 'event e';
    const { by, key = by, type, descending } = ORDERS[sort];
    const position = after
      ? `AND (${by}, e.id) ${descending ? '<' : '>'} (${value(after[0])}::${type}, ${value(after[1])}::uuid)`
      : '';
    const direction = descending ? 'DESC' : 'ASC';
    const rows = await this.database.source.query(
      `SELECT t.total, p.*
         FROM (SELECT count(*)::int AS total FROM ${counted} WHERE ${where}) t
         LEFT JOIN (
           SELECT ${COLUMNS}, ${key} AS key, row_number() OVER (ORDER BY ${by} ${direction}, e.id ${direction}) AS rank
             FROM ${tables} WHERE ${where} ${position}
            ORDER BY ${by} ${direction}, e.id ${direction} LIMIT ${value(limit)}
         ) p ON true
        ORDER BY p.rank`,
      values,
    );
    return { total: rows[0].total, rows: rows.filter((row: { id: string | null }) => row.id !== null) };
  }

  async freePlaces(eventId: string): Promise<number> {
    const [found] = await this.database.source.query(
      'SELECT free_places AS "freePlaces" FROM event_listing WHERE event_id = $1',
      [eventId],
    );
    return found?.freePlaces ?? 0;
  }

  /** Future events, by the share of places sold. */
  async popular(limit: number): Promise<Listing[]> {
    return this.database.source.query(
      `SELECT ${COLUMNS}
         FROM event e JOIN event_listing l ON l.event_id = e.id
        WHERE e.status = 'published' AND NOT e.sandbox AND e.ends_at > now()
        ORDER BY l.sold_places::float8 / greatest(l.places, 1) DESC, l.sold_places DESC,
                 e.starts_at, e.id
        LIMIT $1`,
      [limit],
    );
  }

  /**
   * Categories of published future events, most frequent first; spellings that differ in case or accents only are one.
   */
  async categories(): Promise<{ category: string; events: number }[]> {
    return this.database.source.query(
      `SELECT min(category) AS category, count(*)::int AS events
         FROM event WHERE status = 'published' AND NOT sandbox AND ends_at > now()
        GROUP BY search_fold_v2(category) ORDER BY events DESC, 1`,
    );
  }

  /** Cities with published future events, most frequent first; spellings are compared as those of categories. */
  async cities(limit: number): Promise<{ city: string; events: number }[]> {
    return this.database.source.query(
      `SELECT min(l.city) AS city, count(*)::int AS events
         FROM event e JOIN event_listing l ON l.event_id = e.id
        WHERE e.status = 'published' AND NOT e.sandbox AND e.ends_at > now()
        GROUP BY search_fold_v2(l.city) ORDER BY events DESC, 1 LIMIT $1`,
      [limit],
    );
  }
}

type Value = (value: unknown) => string;

function searched(q: string | undefined, value: Value): string {
  if (q === undefined) return '';
  const any = parseSearch(q).map((terms) =>
    terms
      .map(({ text, kind }) =>
        kind === 'words'
          ? `search_query_v2(${value(text)})`
          : `${kind === 'not' ? '!!' : ''}search_phrase_v2(${value(text)})`,
      )
      .join(' && '),
  );
  return ` CROSS JOIN (SELECT (${any.join(') || (')}) AS q) query`;
}

function conditions(filter: ListFilter, value: Value): string[] {
  const {
    status,
    sandbox = filter.reach?.sandbox,
    organizer,
    reach,
    venue,
    q,
    category,
    city,
    from,
    to,
    currency,
  } = filter;
  const { priceMin, priceMax, available } = filter;
  const found: string[] = [];
  // Literals, so that the planner sees the partial indexes.
  if (status) found.push(`e.status = '${status}'`);
  if (sandbox !== undefined) found.push(sandbox ? 'e.sandbox' : 'NOT e.sandbox');
  if (organizer) found.push(`e.organizer_id = ${value(organizer)}`);
  if (reach)
    found.push(
      `(e.organizer_id = ANY (${value(reach.organisations)}) OR e.id = ANY (${value(reach.events)}))`,
    );
  if (venue) found.push(`e.venue_id = ${value(venue)}`);
  if (q !== undefined) found.push('l.search @@ query.q');
  if (category) {
    const words = categoryWords(category).map((word) => `search_fold_v2(${value(word)})`);
    found.push(`search_fold_v2(e.category) IN (${words.join(', ')})`);
  }
  if (city) found.push(`search_fold_v2(l.city) = search_fold_v2(${value(city)})`);
  if (from) found.push(`e.starts_at >= ${value(from)}`);
  if (to) found.push(`e.starts_at < ${value(to)}`);
  if (currency) found.push(`e.currency = ${value(currency)}`);
  if (priceMin !== undefined || priceMax !== undefined) {
    const least = value(priceMin ?? 0);
    const most = value(priceMax ?? Number.MAX_SAFE_INTEGER);
    found.push(
      `EXISTS (SELECT FROM price_tier t WHERE t.event_id = e.id AND t.price BETWEEN ${least} AND ${most})`,
    );
  }
  if (available !== undefined) found.push(available ? AVAILABLE : `NOT (${AVAILABLE})`);
  return found;
}

const AVAILABLE = `(e.status = 'published' AND l.free_places > 0 AND e.sale_paused_at IS NULL AND COALESCE(e.sale_starts_at <= now(), true)
  AND COALESCE(e.sale_ends_at, e.ends_at) > now())`;
