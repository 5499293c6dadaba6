import type { LimitKind } from '../common/quotas.js';

export const WINDOW_SECONDS = 60;

/**
 * What a replica lets pass on its own before it asks Redis, and what it gets at most with one question: a tenth. So a
 * buyer with a handful of requests never waits for Redis, and the limit may be passed by a tenth for each further
 * replica, no more.
 */
export const shareOf = (quota: number): number => Math.ceil(quota / 10);

/** What a client may read of a limit (draft-ietf-httpapi-ratelimit-headers-10). */
export interface Standing {
  readonly kind: LimitKind;
  readonly quota: number;
  readonly left: number;
  readonly seconds: number;
}

export const policyField = (standings: readonly Standing[]): string =>
  standings.map(({ kind, quota }) => `"${kind}";q=${quota};w=${WINDOW_SECONDS}`).join(', ');

export const limitField = (standings: readonly Standing[]): string =>
  standings.map(({ kind, left, seconds }) => `"${kind}";r=${left};t=${seconds}`).join(', ');
