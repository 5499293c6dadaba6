import { ROLE_NAMES, type Role } from '../../platform/access/principal.js';
import { LOCALES, type Locale } from '../../platform/common/locale.js';

/** Seconds. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;

export const ISSUER = 'evently';
export const AUDIENCE = 'evently-api';

export interface Claims {
  sub: string;
  role: Role;
  sid: string;
  /** Absent in tokens that the release before signed. */
  locale?: Locale;
  /** Logged in with two factors; else absent. */
  mfa?: true;
  iat: number;
  exp: number;
  iss: string;
  aud: string;
}

/** Seconds by which the clock of the signing replica may be ahead. */
export const CLOCKS_APART = 60;

/** Maximum length of a token; Evently's have some 330 characters. */
const LONGEST = 2_048;

// Header and all: ours is always {"alg":"HS256","typ":"JWT"}, so no other algorithm, type, key, critical extension or
// doubled member is ever looked at. The last character of an HS256 signature carries two unused bits; with them free,
// four spellings of one token would pass.
const FORM = /^eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9\.[\w-]+\.[\w-]{42}[AEIMQUYcgkosw048]$/;

export const isUuid = (value: unknown): boolean => typeof value === 'string' && UUID.test(value);
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

export const hasTokenLength = (token: string): boolean => token.length <= LONGEST;

/** Whether a text can be one of our access tokens, before anything of it is read. */
export const looksLikeToken = (token: string): boolean => hasTokenLength(token) && FORM.test(token);

/**
 * JSON.parse keeps the last of two members with the same name, other readers keep the first (RFC 8725, 2.4); so a token
 * that would be printed differently is refused.
 */
export const isWrittenOnce = (token: string, claims: object): boolean =>
  Buffer.from(JSON.stringify(claims)).toString('base64url') === token.split('.')[1];

/**
 * Tells whether a signed token holds all claims, written as Evently writes them: a signed token may still name nobody.
 * @param now seconds since 1970
 */
export function isWrittenByUs(token: string, claims: Claims, now: number): boolean {
  return (
    isUuid(claims.sub) &&
    isUuid(claims.sid) &&
    ROLE_NAMES.includes(claims.role) &&
    (claims.locale === undefined || LOCALES.includes(claims.locale)) &&
    (claims.mfa === undefined || claims.mfa === true) &&
    claims.iss === ISSUER &&
    claims.aud === AUDIENCE &&
    Number.isSafeInteger(claims.iat) &&
    isWrittenOnce(token, claims) &&
    Number.isSafeInteger(claims.exp) &&
    claims.exp <= now + ACCESS_TOKEN_SECONDS + CLOCKS_APART
  );
}
