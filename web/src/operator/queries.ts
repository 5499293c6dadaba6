import { api, ok, type Schemas } from '../api.js';
import { paged } from '../paged.js';

/** Something that goes wrong is seen within so many milliseconds. */
const SOON = 3_000;

export const statusQuery = {
  queryKey: ['operator', 'status'],
  queryFn: () => ok(api.GET('/api/v1/health/status')),
  refetchInterval: SOON,
};
export const outboxQuery = {
  queryKey: ['operator', 'outbox'],
  queryFn: () => ok(api.GET('/api/v1/admin/outbox')),
  refetchInterval: SOON,
};

export const overviewQuery = {
  queryKey: ['operator', 'overview'],
  queryFn: () => ok(api.GET('/api/v1/admin/overview')),
  refetchInterval: 15_000,
};

/** The rush of a demo; there is none elsewhere. */
export const rushQuery = {
  queryKey: ['operator', 'rush'],
  queryFn: () => ok(api.GET('/api/v1/admin/demo/rush')),
  retry: false,
  refetchInterval: ({ state }: { state: { data?: Schemas['DemoRush'] | undefined } }) =>
    state.data?.state === 'running' || state.data?.state === 'checking' ? 500 : false,
} as const;
export const onSaleQuery = {
  queryKey: ['operator', 'on-sale'],
  queryFn: () => ok(api.GET('/api/v1/events', { params: { query: { available: 'true', limit: 100 } } })),
};

export type SagaState = Schemas['Saga']['state'];
export type MailState = Schemas['Mail']['state'];
export type Role = Schemas['Account']['role'];
export type Found = Schemas['PaymentDiscrepancy']['status'];

const limit = 30;

/** Not read again by itself: a form is made of it. */
export const houseQuery = {
  queryKey: ['operator', 'house'],
  queryFn: () => ok(api.GET('/api/v1/admin/house')),
  staleTime: Number.POSITIVE_INFINITY,
};
export const sagasQuery = (state: SagaState | undefined) => ({
  queryKey: ['operator', 'sagas', state],
  ...paged((at) =>
    ok(api.GET('/api/v1/admin/sagas', { params: { query: { limit, ...at, ...(state && { state }) } } })),
  ),
  refetchInterval: SOON,
});
export const sagaQuery = (id: string) => ({
  queryKey: ['operator', 'sagas', 'one', id],
  queryFn: () => ok(api.GET('/api/v1/admin/sagas/{id}', { params: { path: { id } } })),
  refetchInterval: SOON,
});
const given = <Filter extends object>(filter: Filter) =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''));

/** An empty filter is none. Not read again by itself: each look is in the audit log. */
export const mailsQuery = (filter: { to: string; kind: string; userId: string; state: MailState | '' }) => ({
  queryKey: ['operator', 'mails', filter],
  ...paged((at) =>
    ok(api.GET('/api/v1/admin/mails', { params: { query: { limit, ...at, ...given(filter) } } })),
  ),
  refetchOnWindowFocus: false,
});
export const mailPreviewQuery = (id: string) => ({
  queryKey: ['operator', 'mails', 'preview', id],
  queryFn: () => ok(api.GET('/api/v1/admin/mails/{id}/preview', { params: { path: { id } } })),
  refetchOnWindowFocus: false,
});
export const personQuery = (id: string) => ({
  queryKey: ['operator', 'person', id],
  queryFn: () => ok(api.GET('/api/v1/admin/users/{id}', { params: { path: { id } } })),
  refetchOnWindowFocus: false,
});
export const personBookingsQuery = (id: string) => ({
  queryKey: ['operator', 'person', id, 'bookings'],
  ...paged((at) =>
    ok(
      api.GET('/api/v1/admin/users/{id}/bookings', {
        params: { path: { id }, query: { limit, ...at } },
      }),
    ),
  ),
  refetchOnWindowFocus: false,
});
export const usersQuery = (q: string, role: Role | undefined, locked: boolean, customers: boolean) => ({
  queryKey: ['operator', 'users', q, role, locked, customers],
  ...paged((at) =>
    ok(
      api.GET('/api/v1/admin/users', {
        params: {
          query: {
            limit,
            ...at,
            ...(q && { q }),
            ...(role && { role }),
            ...(locked && { locked: 'true' }),
            ...(customers && { kind: 'customer' }),
          },
        },
      }),
    ),
  ),
});
/** An empty filter is none. */
export const actsQuery = (filter: { action: string; actor: string; target: string; eventId: string }) => ({
  queryKey: ['operator', 'acts', filter],
  ...paged((at) =>
    ok(api.GET('/api/v1/admin/audit', { params: { query: { limit, ...at, ...given(filter) } } })),
  ),
});
export const discrepanciesQuery = (status: Found | undefined) => ({
  queryKey: ['operator', 'discrepancies', status],
  ...paged((at) =>
    ok(
      api.GET('/api/v1/admin/payments/discrepancies', {
        params: { query: { limit, ...at, ...(status && { status }) } },
      }),
    ),
  ),
});
