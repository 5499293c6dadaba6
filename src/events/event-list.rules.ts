import { z } from 'zod';
import type { Reach } from '../platform/access/permissions.js';
import type { Principal } from '../platform/access/principal.js';
import { DomainError } from '../platform/common/domain-error.js';
import { categoryKey } from '../platform/common/event-categories.js';
import { decodeCursor } from '../platform/common/pages.js';
import { text, uuid } from '../platform/common/schemas.js';
import type { EventQuery, EventSummary, Sort } from './event-lists.schemas.js';
import type { ListFilter, Listing, ListPosition } from './listings.repository.js';

const time = z.iso.datetime({ precision: 6 }).regex(/^[12]/);
const price = z.int().min(0);

/** Sort key as the cursor carries it; anything the database could not read is refused here. */
const KEYS: Record<Sort, z.ZodType<string | number>> = {
  startsAt: time,
  '-startsAt': time,
  price,
  '-price': price,
  title: text(1000, 0),
  '-publishedAt': time,
  relevance: z.number().min(0).max(1e6),
};

/**
 * Filter for the events that a request may see. Everyone sees published events, but for sandbox events; `mine` shows those
 * of one's organisations in any state.
 * Errors: `unauthenticated` for `mine` without a login, `forbidden` for `status` of other people's events.
 */
export function filterFor(
  query: EventQuery,
  user: Principal | undefined,
  reach: (user: Principal) => Reach,
): ListFilter {
  const { mine, status, limit, cursor, sort, ...filter } = query;
  if (mine) {
    if (!user) throw new DomainError('unauthenticated', { detail: 'mine=true needs a login.' });
    return { ...filter, status, reach: reach(user) };
  }
  if (status && user?.role !== 'admin')
    throw new DomainError('forbidden', { detail: 'status filters your own events: add mine=true.' });
  return { ...filter, status: status ?? 'published', sandbox: false };
}

/** Errors: `invalid_cursor`, also for a cursor of another sort. */
export function positionOf({
  sort,
  q,
  limit,
  cursor,
}: Partial<EventQuery> & { limit: number }): ListPosition {
  const by = sort ?? (q === undefined ? 'startsAt' : 'relevance');
  if (cursor === undefined) return { sort: by, limit };
  const [, key, id] = decodeCursor(cursor, z.tuple([z.literal(by), KEYS[by], uuid]));
  return { sort: by, limit, after: [key, id] };
}

export function toSummary(row: Listing): EventSummary {
  return {
    id: row.id,
    organizerId: row.organizerId,
    title: row.title,
    category: row.category,
    status: row.status,
    sandbox: row.sandbox,
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    timezone: row.timezone,
    currency: row.currency,
    saleStartsAt: row.saleStartsAt?.toISOString() ?? null,
    saleEndsAt: row.saleEndsAt?.toISOString() ?? null,
    salePausedAt: row.salePausedAt?.toISOString() ?? null,
    imageUrl: row.imageUrl,
    image: row.image,
    publishedAt: row.publishedAt?.toISOString() ?? null,
    venue: { id: row.venueId, name: row.venueName, city: row.city, country: row.country },
    fromPrice: row.fromPrice,
    places: row.places,
    freePlaces: row.freePlaces,
  };
}

interface CountedCategory {
  category: string;
  events: number;
}

/** Takes all words for a category together, under the most frequent of them; the largest first. */
export function joinCategories(counted: readonly CountedCategory[]): CountedCategory[] {
  const joined = new Map<string, CountedCategory>();
  for (const { category, events } of counted.toSorted((a, b) => b.events - a.events)) {
    const key = categoryKey(category);
    const known = joined.get(key);
    if (known) known.events += events;
    else joined.set(key, { category, events });
  }
  return [...joined.values()].toSorted((a, b) => b.events - a.events);
}
