import { api, ok, type Schemas } from '../../api.js';

export type Provider = Schemas['IdentityProvider'];
type New = Schemas['NewIdentityProvider'];
type Changes = Schemas['IdentityProviderChanges'];

export interface Providers {
  readonly key: readonly string[];
  list(): Promise<{ data: Provider[] }>;
  create(body: New): Promise<Provider>;
  update(provider: Provider, body: Changes): Promise<Provider>;
  remove(provider: Provider): Promise<unknown>;
  look(provider: Provider): Promise<Schemas['IdentityProviderLook']>;
}

const match = ({ version }: Provider) => ({ 'If-Match': `"v${version}"` });

/** Providers of the whole installation, for operators. */
export const ofInstallation: Providers = {
  key: ['identity-providers', 'installation'],
  list: () => ok(api.GET('/api/v1/admin/identity-providers')),
  create: (body) => ok(api.POST('/api/v1/admin/identity-providers', { body })),
  update: (provider, body) =>
    ok(
      api.PATCH('/api/v1/admin/identity-providers/{id}', {
        params: { path: { id: provider.id }, header: match(provider) },
        body,
      }),
    ),
  remove: ({ id }) => ok(api.DELETE('/api/v1/admin/identity-providers/{id}', { params: { path: { id } } })),
  look: ({ id }) => ok(api.POST('/api/v1/admin/identity-providers/{id}/try', { params: { path: { id } } })),
};

/** Providers of one organisation, for its members with that permission. */
export function ofOrganisation(id: string): Providers {
  const path = (provider: Provider) => ({ id, provider: provider.id });
  return {
    key: ['identity-providers', id],
    list: () => ok(api.GET('/api/v1/organisations/{id}/identity-providers', { params: { path: { id } } })),
    create: (body) =>
      ok(api.POST('/api/v1/organisations/{id}/identity-providers', { params: { path: { id } }, body })),
    update: (provider, body) =>
      ok(
        api.PATCH('/api/v1/organisations/{id}/identity-providers/{provider}', {
          params: { path: path(provider), header: match(provider) },
          body,
        }),
      ),
    remove: (provider) =>
      ok(
        api.DELETE('/api/v1/organisations/{id}/identity-providers/{provider}', {
          params: { path: path(provider) },
        }),
      ),
    look: (provider) =>
      ok(
        api.POST('/api/v1/organisations/{id}/identity-providers/{provider}/try', {
          params: { path: path(provider) },
        }),
      ),
  };
}
