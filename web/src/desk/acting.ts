import { api, client, ok, type Schemas } from '../api.js';
import { queries } from '../queries.js';
import { keep, kept } from '../storage.js';

export type Organisation = Schemas['OwnOrganisations']['data'][number];

/** Organisations that one belongs to, with what one may do there. */
export const organisationsQuery = {
  queryKey: ['organisations'],
  queryFn: () => ok(api.GET('/api/v1/organisations')),
  staleTime: 30_000,
};

const KEY = 'evently.organisation';
/** Kept here as well: another page of this browser may choose another one. */
let chosen = kept(KEY) ?? undefined;

/** Chooses the organisation for which the desk acts; undefined: none in particular. */
export function choose(id: string | undefined): void {
  chosen = id;
  keep(KEY, id);
}

/** Forgets everything that was read for another organisation. */
export const startAnew = (): Promise<void> =>
  queries.resetQueries({ predicate: ({ queryKey: [what] }) => what !== 'me' && what !== 'organisations' });

// The next person at this browser starts anew.
client.session.on('changed', (tokens) => {
  if (!tokens) choose(undefined);
});

/** The chosen one of these. Members act for one in any case; administrators for all, unless they choose. */
export const chosenOf = (own: readonly Organisation[], everywhere: boolean): Organisation | undefined =>
  own.find(({ id }) => id === chosen) ?? (everywhere ? undefined : own[0]);

/** Owners of one organisation may found another. */
export const mayFound = (own: readonly Organisation[], admin: boolean): boolean =>
  admin || own.some(({ owner }) => owner);

/** Headers of a request of the desk. Nothing needs to be said where there is nothing to choose from. */
export function actingHeaders(): Record<string, string> {
  const own = queries.getQueryData<Schemas['OwnOrganisations']>(organisationsQuery.queryKey)?.data ?? [];
  const everywhere = queries.getQueryData<Schemas['Account']>(['me'])?.role === 'admin';
  const acting = own.length > 1 && chosenOf(own, everywhere);
  return acting ? { 'Evently-Organisation': acting.id } : {};
}

const atDesk = () => /^\/desk(\/|$)/.test(location.pathname);

api.use({
  onRequest({ request }) {
    if (atDesk())
      for (const [name, value] of Object.entries(actingHeaders())) request.headers.set(name, value);
    return request;
  },
  onResponse({ response: { status } }) {
    // Permissions have changed: the desk follows at once.
    if (status === 403 && atDesk())
      for (const changed of ['organisations', 'me']) void queries.invalidateQueries({ queryKey: [changed] });
  },
});
