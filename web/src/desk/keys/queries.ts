import { api, ok, type Schemas } from '../../api.js';

export type Key = Schemas['ApiKey'];
export type MadeKey = Schemas['MadeApiKey'];

export const keysQuery = (id: string) => ({
  queryKey: ['keys', id],
  queryFn: () => ok(api.GET('/api/v1/organisations/{id}/keys', { params: { path: { id } } })),
});

/** Whether a key opens nothing any more. */
export const isOver = ({ endedAt, expiresAt }: Key): boolean =>
  endedAt !== null || (expiresAt !== null && Date.parse(expiresAt) <= Date.now());
