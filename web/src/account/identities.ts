import { api, ok } from '../api.js';
import { useWork } from '../ui/use-work.js';

/** Where somebody wanted to go, kept in this tab over the way to another provider and back. */
const NEXT = 'evently.identity.next';

export const keepNext = (next: string): void => sessionStorage.setItem(NEXT, next);

export function takeNext(): string {
  const next = sessionStorage.getItem(NEXT) ?? '/';
  sessionStorage.removeItem(NEXT);
  return /^\/(?![/\\])/.test(next) ? next : '/';
}

/** Providers of the installation, or of one organisation. */
export const openProvidersQuery = (organisation?: string) => ({
  queryKey: ['identity-providers', 'open', organisation],
  queryFn: () =>
    ok(
      api.GET('/api/v1/auth/identity-providers', { params: { query: organisation ? { organisation } : {} } }),
    ),
  staleTime: 60_000,
});

export const identitiesQuery = {
  queryKey: ['identities'],
  queryFn: () => ok(api.GET('/api/v1/auth/me/identities')),
};

const ROUTES = {
  login: '/api/v1/auth/login/identity',
  link: '/api/v1/auth/me/identities',
  stepUp: '/api/v1/auth/step-up/identity',
} as const;

/** Leaves for another provider, which sends the browser back to `/login/back`, and that to `next`. */
export function useProvider(why: keyof typeof ROUTES) {
  const work = useWork();
  const leave = (provider: string, next: string) =>
    work.run(async () => {
      const { url } = await ok(api.POST(ROUTES[why], { body: { provider } }));
      keepNext(next);
      location.assign(url);
      // The page is about to go: its button stays busy.
      await new Promise(() => {});
    });
  return { ...work, leave };
}
