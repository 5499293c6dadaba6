import type { LimitKind } from '../../platform/common/quotas.js';

export const WINDOW_SECONDS = 60;

/**
 * Requests that a replica lets pass on its own before it asks Redis, and the most it gets with one question: a tenth of
 * the quota. So a buyer with a handful of requests never waits for Redis, and each further replica may exceed the limit
 * by a tenth, no more.
 */
export const shareOf = (quota: number): number => Math.ceil(quota / 10);

/** State of a limit as clients may read it (draft-ietf-httpapi-ratelimit-headers-10). */
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
