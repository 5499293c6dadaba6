/** Seconds. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;

/** How far the clock of the replica that signed may be ahead of ours. */
const CLOCKS_APART = 60;

/** Ours have some 330 characters. */
const LONGEST = 2_048;

// Header and all: ours is always {"alg":"HS256","typ":"JWT"}, so no other algorithm, type, key, critical extension or doubled
// member is ever looked at. The last character of an HS256 signature carries two unused bits; with them free, four
// spellings of one token would pass.
const FORM = /^eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9\.[\w-]+\.[\w-]{42}[AEIMQUYcgkosw048]$/;

/** Whether a text can be one of our access tokens, before anything of it is read. */
export const looksLikeToken = (token: string): boolean => token.length <= LONGEST && FORM.test(token);

/**
 * Whether the claims of a signed token are written as we write them. Of two members with one name JSON.parse keeps the
 * last and other readers the first (RFC 8725, 2.4), so what would be printed differently is not ours.
 * @param now seconds since 1970
 */
export function isWrittenByUs(token: string, claims: { exp: number }, now: number): boolean {
  return (
    Buffer.from(JSON.stringify(claims)).toString('base64url') === token.split('.')[1] &&
    Number.isSafeInteger(claims.exp) &&
    claims.exp <= now + ACCESS_TOKEN_SECONDS + CLOCKS_APART
  );
}
