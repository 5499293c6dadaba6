import { api, ok, type Schemas } from '../../api.js';

export type Member = Schemas['Member'];
export type Invitation = Schemas['Invitation'];
export type RightsInput = Schemas['MemberRights'];

export const membersQuery = (id: string) => ({
  queryKey: ['members', id],
  queryFn: () => ok(api.GET('/api/v1/organisations/{id}/members', { params: { path: { id } } })),
});

export const invitationsQuery = (id: string) => ({
  queryKey: ['members', id, 'invitations'],
  queryFn: () => ok(api.GET('/api/v1/organisations/{id}/invitations', { params: { path: { id } } })),
});

export const organisationQuery = (id: string) => ({
  queryKey: ['organisation', id],
  queryFn: () => ok(api.GET('/api/v1/organisations/{id}', { params: { path: { id } } })),
});

/** An invitation as its link shows it, to everybody. It ends when it is used, so it is not asked for again. */
export const lookQuery = (token: string) => ({
  queryKey: ['invitation', token],
  queryFn: () => ok(api.POST('/api/v1/invitations/look', { body: { token } })),
  staleTime: Number.POSITIVE_INFINITY,
});
