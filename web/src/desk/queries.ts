import { api, isProblem, ok, type Schemas } from '../api.js';
import { paged } from '../paged.js';

export type Status = Schemas['EventSummary']['status'];
export type Delivery = Schemas['WebhookDeliveryPage']['data'][number];
export const STATUSES: readonly Status[] = ['draft', 'published', 'completed', 'cancelled'];

const mine = (query: { status?: Status; limit: number; cursor?: string }) =>
  ok(api.GET('/api/v1/events', { params: { query: { mine: 'true', sort: '-startsAt', ...query } } }));

export const myEventsQuery = (status: Status | undefined) => ({
  queryKey: ['events', 'mine', status],
  ...paged((at) => mine({ limit: 30, ...(status && { status }), ...at })),
});

/** Number of objects of each kind. */
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
  ...paged((at) => ok(api.GET('/api/v1/venues', { params: { query: { limit: 100, ...at } } }))),
};
export const plansQuery = (id: string) => ({
  queryKey: ['venue', id, 'plans'],
  queryFn: () => ok(api.GET('/api/v1/venues/{id}/seating-plans', { params: { path: { id } } })),
  enabled: id !== '',
});

/** Progress of the cancellation of an event; null before there is one. */
export const cancellationQuery = (id: string) => ({
  queryKey: ['event', id, 'cancellation'],
  queryFn: () =>
    ok(api.GET('/api/v1/events/{id}/cancellation', { params: { path: { id } } })).catch((error) => {
      if (isProblem(error, 'event_not_cancelled')) return null;
      throw error;
    }),
});

export const geometryQuery = ({ id, planId }: Pick<Schemas['Event'], 'id' | 'planId'>) => ({
  queryKey: ['geometry', id, planId],
  queryFn: () => ok(api.GET('/api/v1/events/{id}/seat-map', { params: { path: { id } } })),
  staleTime: Number.POSITIVE_INFINITY,
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
