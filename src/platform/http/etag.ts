import fresh from 'fresh';
import { DomainError } from '../common/domain-error.js';

/** ETag of a row that carries a version, for `If-Match` edits. */
export const versionTag = (version: number): string => `"v${version}"`;

/** The header in the document of the API. */
export const IF_MATCH = {
  name: 'If-Match',
  required: true,
  description: 'ETag of the last read',
  example: '"v1"',
};

/** Version named by an `If-Match` header. Errors: `if_match_required` (428) when absent, `invalid_header` (400) when not one of ours. */
export function requiredVersion(ifMatch: string | undefined): number {
  if (ifMatch === undefined) throw new DomainError('if_match_required');
  const version = /^(?:W\/)?"v(\d{1,9})"$/.exec(ifMatch.trim())?.[1];
  if (version === undefined)
    throw new DomainError('invalid_header', {
      detail: 'If-Match must be the ETag of the last read, such as "v3"',
    });
  return Number(version);
}

/**
 * True when `If-None-Match` names this tag, so that 304 is the answer. The other headers do not count: `fetch` adds
 * `Cache-Control: no-cache` to every request whose caller has set this one.
 */
export function matches(ifNoneMatch: string | undefined, tag: string): boolean {
  return fresh({ 'if-none-match': ifNoneMatch }, { etag: tag });
}
