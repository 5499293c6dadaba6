import { createHash } from 'node:crypto';

/** An `Idempotency-Key`, and the request that it stands for. Requests without a key have none. */
export interface IdempotentCall {
  readonly userId: string;
  readonly key: string;
  /** Method and path, with ids. */
  readonly route: string;
  /** See `fingerprintOf`. */
  readonly fingerprint: Buffer;
  /** Status of the answer when all is done, kept beside it. */
  readonly status: number;
}

/** Parameters of SQL functions that claim a key: key, route and fingerprint, all null without a call. */
export const claimOf = (
  call: IdempotentCall | undefined,
): readonly [string, string, Buffer] | [null, null, null] =>
  call ? [call.key, call.route, call.fingerprint] : [null, null, null];

/**
 * SHA-256 of what is asked for: two requests are the same when route and body are, whatever the order of members. Secret
 * members, at any depth, are left out: a card number has so few digits that its hash gives it away.
 */
export const fingerprintOf = (route: string, body: unknown, secrets: readonly string[] = []): Buffer =>
  createHash('sha256')
    .update(`${route}\n${canonical(body, secrets) ?? ''}`)
    .digest();

/** JSON with the members of every object sorted by name, but for those named. */
function canonical(value: unknown, without: readonly string[]): string | undefined {
  return JSON.stringify(value, (name, member) => {
    if (without.includes(name)) return undefined;
    return member && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member;
  });
}
