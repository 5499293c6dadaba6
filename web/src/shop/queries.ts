import { api, ok } from '../api.js';
import { paged } from '../paged.js';
import { dayOf } from './spans.js';

/** Filters of the list of events, as they stand in the address of the page. */
export interface Filters {
  q?: string;
  category?: string;
  city?: string;
  from?: string;
  to?: string;
  available?: 'true' | undefined;
  sort?: Sort;
}

export const SORTS = ['startsAt', 'price', '-price', 'title', '-publishedAt', 'relevance'] as const;
export type Sort = (typeof SORTS)[number];

const KEYS = ['q', 'category', 'city', 'from', 'to', 'available', 'sort'] as const;

export const filtersOf = (search: URLSearchParams): Filters =>
  Object.fromEntries(KEYS.flatMap((key) => (search.get(key) ? [[key, search.get(key)!]] : [])));

/** A day as an input gives it, as the instant at which it begins here. */
const begin = (day: string | undefined, days = 0) => {
  if (!day) return undefined;
  const date = new Date(`${day}T00:00`);
  date.setDate(date.getDate() + days);
  return date.toISOString();
};

export const eventsQuery = ({ sort, from, to, ...rest }: Filters) => ({
  queryKey: ['events', 'list', rest, sort, from, to],
  ...paged((at) =>
    ok(
      api.GET('/api/v1/events', {
        params: {
          query: {
            ...rest,
            ...(sort && (sort !== 'relevance' || rest.q) && { sort }),
            // Nobody can buy what has begun.
            from: (from !== dayOf(new Date()) && begin(from)) || new Date().toISOString(),
            ...(to && { to: begin(to, 1)! }),
            limit: 12,
            ...at,
          },
        },
      }),
    ),
  ),
});

export const upcomingQuery = {
  queryKey: ['events', 'upcoming'],
  queryFn: () => ok(api.GET('/api/v1/events/upcoming', { params: { query: { limit: 12 } } })),
};
export const popularQuery = {
  queryKey: ['events', 'popular'],
  queryFn: () => ok(api.GET('/api/v1/events/popular', { params: { query: { limit: 3 } } })),
};
export const categoriesQuery = {
  queryKey: ['events', 'categories'],
  queryFn: () => ok(api.GET('/api/v1/events/categories')),
};
export const citiesQuery = {
  queryKey: ['events', 'cities'],
  queryFn: () => ok(api.GET('/api/v1/events/cities')),
};
export const eventQuery = (id: string) => ({
  queryKey: ['event', id],
  queryFn: () => ok(api.GET('/api/v1/events/{id}', { params: { path: { id } } })),
  staleTime: 30_000,
});
export const venueQuery = (id: string) => ({
  queryKey: ['venue', id],
  queryFn: () => ok(api.GET('/api/v1/venues/{id}', { params: { path: { id } } })),
  staleTime: 300_000,
});
