import { api, isProblem, ok, type Schemas } from '../api.js';

export type Status = Schemas['EventSummary']['status'];
export type Delivery = Schemas['WebhookDeliveryPage']['data'][number];
export const STATUSES: readonly Status[] = ['draft', 'published', 'completed', 'cancelled'];

const mine = (query: { status?: Status; limit: number; cursor?: string }) =>
  ok(api.GET('/api/v1/events', { params: { query: { mine: 'true', sort: '-startsAt', ...query } } }));

export const myEventsQuery = (status: Status | undefined) => ({
  queryKey: ['events', 'mine', status],
  queryFn: ({ pageParam }: { pageParam: string | null }) =>
    mine({ limit: 30, ...(status && { status }), ...(pageParam && { cursor: pageParam }) }),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next }: { next: string | null }) => next,
});

/** How many there are of each. */
export const countsQuery = {
  queryKey: ['events', 'mine', 'counts'],
  queryFn: async () => {
    const totals = await Promise.all(
      STATUSES.map(async (status) => [status, (await mine({ status, limit: 1 })).total] as const),
    );
    return Object.fromEntries(totals) as Record<Status, number>;
  },
};

export const venuesQuery = {
  queryKey: ['venues'],
  queryFn: ({ pageParam }: { pageParam: string | null }) =>
    ok(
      api.GET('/api/v1/venues', {
        params: { query: { limit: 100, ...(pageParam && { cursor: pageParam }) } },
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next }: { next: string | null }) => next,
};
export const plansQuery = (id: string) => ({
  queryKey: ['venue', id, 'plans'],
  queryFn: () => ok(api.GET('/api/v1/venues/{id}/seating-plans', { params: { path: { id } } })),
  enabled: id !== '',
});

/** How far the cancellation of an event is; null before there is one. */
export const cancellationQuery = (id: string) => ({
  queryKey: ['event', id, 'cancellation'],
  queryFn: () =>
    ok(api.GET('/api/v1/events/{id}/cancellation', { params: { path: { id } } })).catch((error) => {
      if (isProblem(error, 'event_not_cancelled')) return null;
      throw error;
    }),
});

export const eventSalesQuery = (id: string, period: { from?: string; to?: string } = {}) => ({
  queryKey: ['sales', id, period],
  queryFn: () => ok(api.GET('/api/v1/analytics/events/{id}', { params: { path: { id }, query: period } })),
});

export const webhooksQuery = {
  queryKey: ['webhooks'],
  queryFn: () => ok(api.GET('/api/v1/webhooks')),
};
export const deliveriesQuery = (id: string, state: Delivery['state'] | undefined) => ({
  queryKey: ['webhooks', id, state],
  queryFn: () =>
    ok(
      api.GET('/api/v1/webhooks/{id}/deliveries', {
        params: { path: { id }, query: { limit: 50, ...(state && { state }) } },
      }),
    ),
});
