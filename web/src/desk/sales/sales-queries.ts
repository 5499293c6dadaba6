import { api, ok } from '../../api.js';
import type { Period } from './period.js';

type Interval = 'day' | 'hour';

export const seriesQuery = (period: Period, interval: Interval, eventId?: string) => ({
  queryKey: ['sales', eventId, 'series', period, interval],
  queryFn: () =>
    ok(
      api.GET('/api/v1/analytics/timeseries', {
        params: { query: { ...period, interval, ...(eventId && { eventId }) } },
      }),
    ),
  placeholderData: <T>(before: T) => before,
});
export const salesQuery = (period: Period) => ({
  queryKey: ['sales', 'all', period],
  queryFn: () => ok(api.GET('/api/v1/analytics/summary', { params: { query: { ...period } } })),
  placeholderData: <T>(before: T) => before,
});
export const bestSellersQuery = (period: Period) => ({
  queryKey: ['sales', 'popular', period],
  queryFn: () => ok(api.GET('/api/v1/analytics/popular', { params: { query: { ...period, limit: 10 } } })),
  placeholderData: <T>(before: T) => before,
});

/** Address of the same numbers as CSV. */
export const csvPath = (report: string, query: Period & { eventId?: string; interval?: Interval }): string =>
  `/api/v1/analytics/${report}?${new URLSearchParams({ ...query, format: 'csv' })}`;
