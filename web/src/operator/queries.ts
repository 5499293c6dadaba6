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
export const mailsQuery = (state: MailState | undefined) => ({
  queryKey: ['operator', 'mails', state],
  ...paged((at) =>
    ok(api.GET('/api/v1/admin/mails', { params: { query: { limit, ...at, ...(state && { state }) } } })),
  ),
});
export const usersQuery = (q: string, role: Role | undefined) => ({
  queryKey: ['operator', 'users', q, role],
  ...paged((at) =>
    ok(
      api.GET('/api/v1/admin/users', {
        params: { query: { limit, ...at, ...(q && { q }), ...(role && { role }) } },
      }),
    ),
  ),
});
/** An empty filter is none. */
export const actsQuery = (filter: { action: string; actor: string; target: string }) => ({
  queryKey: ['operator', 'acts', filter],
  ...paged((at) => {
    const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''));
    return ok(api.GET('/api/v1/admin/audit', { params: { query: { limit, ...at, ...given } } }));
  }),
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
