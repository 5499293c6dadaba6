import { api, ok } from '../api.js';

export const securityQuery = {
  queryKey: ['security'],
  queryFn: () => ok(api.GET('/api/v1/auth/me/security')),
};

export const passkeysQuery = {
  queryKey: ['passkeys'],
  queryFn: () => ok(api.GET('/api/v1/auth/me/passkeys')),
};

export const sessionsQuery = {
  queryKey: ['sessions'],
  queryFn: () => ok(api.GET('/api/v1/auth/me/sessions')),
};

/** Logins of the demo; an error where there is none. */
export const demoQuery = {
  queryKey: ['demo'],
  queryFn: () => ok(api.GET('/api/v1/demo/logins')),
  retry: false,
  staleTime: Number.POSITIVE_INFINITY,
};
