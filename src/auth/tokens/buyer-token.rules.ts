import type { BuyersReach } from '../../platform/access/access.decorators.js';
import type { BoundSale } from '../../platform/access/principal.js';
import type { ErrorCode } from '../../platform/common/error-codes.js';
import { LOCALES, type Locale } from '../../platform/common/locale.js';
import { BUYER_MINUTES, isOrigin } from './bound-sale.schemas.js';
import { CLOCKS_APART, hasTokenLength, ISSUER, isUuid, isWrittenOnce } from './token.rules.js';

/** Type of the token (RFC 8725, 3.11), so that it is never taken for the token of an account. */
export const BUYER_TYPE = 'buyer+jwt';
export const BUYER_AUDIENCE = 'evently-buyer';

/** Claims of a buyer session. */
export interface BuyerClaims {
  /** Customer. */
  sub: string;
  sid: string;
  locale: Locale;
  /** Event that the session is for. */
  event: string;
  /** Origin of the pages that may use it. */
  origin: string;
  /** Id of the key that made it. */
  key: string;
  iss: string;
  aud: string;
  iat: number;
  exp: number;
}

// As for access tokens: header and all, and the one spelling of the signature's last character.
const HEADER = Buffer.from(JSON.stringify({ alg: 'HS256', typ: BUYER_TYPE })).toString('base64url');
const FORM = new RegExp(`^${HEADER}\\.[\\w-]+\\.[\\w-]{42}[AEIMQUYcgkosw048]$`);

/** Whether a bearer token is meant as that of a buyer session, good or bad. */
export const isMeantForBuyer = (token: string): boolean => token.startsWith(`${HEADER}.`);

export const looksLikeBuyerToken = (token: string): boolean => hasTokenLength(token) && FORM.test(token);

/**
 * Tells whether a signed token holds all claims, written as Evently writes them.
 * @param now seconds since 1970
 */
export const isBuyerTokenOfOurs = (token: string, claims: BuyerClaims, now: number): boolean =>
  [claims.sub, claims.sid, claims.event, claims.key].every(isUuid) &&
  LOCALES.includes(claims.locale) &&
  typeof claims.origin === 'string' &&
  isOrigin(claims.origin) &&
  claims.iss === ISSUER &&
  claims.aud === BUYER_AUDIENCE &&
  Number.isSafeInteger(claims.iat) &&
  isWrittenOnce(token, claims) &&
  Number.isSafeInteger(claims.exp) &&
  claims.exp <= now + BUYER_MINUTES.most * 60 + CLOCKS_APART;

/** A request of a buyer session, as far as it decides what is open to it. */
export interface BuyerRequest {
  /** Header `Origin`; browsers send it with each request that a page of another origin makes. */
  readonly origin: string | undefined;
  /** `id` of the path. */
  readonly id: string | undefined;
}

/** Error code for a request that the session does not open; undefined: it does, or the use case decides. */
export function buyerRefusal(
  sale: BoundSale,
  opens: BuyersReach | undefined,
  { origin, id }: BuyerRequest,
): ErrorCode | undefined {
  if (origin !== undefined && origin !== sale.origin) return 'origin_not_allowed';
  if (opens === undefined || (opens === 'event' && id !== sale.eventId)) return 'buyer_session_not_allowed';
  return undefined;
}
