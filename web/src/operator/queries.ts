import { api, ok, type Schemas } from '../api.js';

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

export type SagaState = Schemas['Saga']['state'];
export type MailState = Schemas['Mail']['state'];
export type Role = Schemas['Account']['role'];
export type Found = Schemas['PaymentDiscrepancy']['status'];

const paged = {
  initialPageParam: null as string | null,
  getNextPageParam: ({ next }: { next: string | null }) => next,
};
const at = (cursor: string | null) => ({ limit: 30, ...(cursor && { cursor }) });

export const sagasQuery = (state: SagaState | undefined) => ({
  queryKey: ['operator', 'sagas', state],
  queryFn: ({ pageParam }: { pageParam: string | null }) =>
    ok(api.GET('/api/v1/admin/sagas', { params: { query: { ...at(pageParam), ...(state && { state }) } } })),
  ...paged,
  refetchInterval: SOON,
});
export const sagaQuery = (id: string) => ({
  queryKey: ['operator', 'sagas', 'one', id],
  queryFn: () => ok(api.GET('/api/v1/admin/sagas/{id}', { params: { path: { id } } })),
  refetchInterval: SOON,
});
export const mailsQuery = (state: MailState | undefined) => ({
  queryKey: ['operator', 'mails', state],
  queryFn: ({ pageParam }: { pageParam: string | null }) =>
    ok(api.GET('/api/v1/admin/mails', { params: { query: { ...at(pageParam), ...(state && { state }) } } })),
  ...paged,
});
export const usersQuery = (q: string, role: Role | undefined) => ({
  queryKey: ['operator', 'users', q, role],
  queryFn: ({ pageParam }: { pageParam: string | null }) =>
    ok(
      api.GET('/api/v1/admin/users', {
        params: { query: { ...at(pageParam), ...(q && { q }), ...(role && { role }) } },
      }),
    ),
  ...paged,
});
export const actsQuery = (action: string) => ({
  queryKey: ['operator', 'acts', action],
  queryFn: ({ pageParam }: { pageParam: string | null }) =>
    ok(
      api.GET('/api/v1/admin/audit', { params: { query: { ...at(pageParam), ...(action && { action }) } } }),
    ),
  ...paged,
});
export const discrepanciesQuery = (status: Found | undefined) => ({
  queryKey: ['operator', 'discrepancies', status],
  queryFn: ({ pageParam }: { pageParam: string | null }) =>
    ok(
      api.GET('/api/v1/admin/payments/discrepancies', {
        params: { query: { ...at(pageParam), ...(status && { status }) } },
      }),
    ),
  ...paged,
});
