import { createSigner, createVerifier, TokenError } from 'fast-jwt';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import {
  BUYER_AUDIENCE,
  BUYER_TYPE,
  type BuyerClaims,
  isBuyerTokenOfOurs,
  looksLikeBuyerToken,
} from './buyer-token.rules.js';
import { ISSUER } from './token.rules.js';

type Signed = Omit<BuyerClaims, 'iss' | 'aud' | 'iat'>;

/** Signs and reads tokens of buyer sessions: JWT like access tokens, of a type and for an audience of their own. */
export class BuyerTokens {
  private readonly signer: (claims: Signed) => string;
  private readonly verifier: (token: string) => BuyerClaims;
  private readonly verifierOfEnded: (token: string) => BuyerClaims;
  /** Looked at before: the verifier gives the same object again for as long as it keeps it. */
  private readonly known = new WeakSet<BuyerClaims>();

  constructor(key: string) {
    this.signer = createSigner({
      key,
      algorithm: 'HS256',
      header: { alg: 'HS256', typ: BUYER_TYPE },
      iss: ISSUER,
      aud: BUYER_AUDIENCE,
    });
    const rules = {
      key,
      algorithms: ['HS256' as const],
      allowedIss: ISSUER,
      allowedAud: BUYER_AUDIENCE,
      checkTyp: BUYER_TYPE,
      requiredClaims: ['sub', 'sid', 'event', 'origin', 'key', 'iat', 'exp'],
    };
    this.verifier = createVerifier({ ...rules, cache: 10_000 });
    this.verifierOfEnded = createVerifier({ ...rules, cache: 1_000, ignoreExpiration: true });
  }

  sign(claims: Signed): string {
    return this.signer(claims);
  }

  /** Errors: `token_invalid`, `token_expired`. */
  read(token: string): { principal: Principal; keyId: string } {
    const { sub, sid, locale, event, origin, key } = this.check(token, this.verifier);
    const sale = { eventId: event, origin };
    return { principal: { id: sub, role: 'user', sessionId: sid, locale, sale }, keyId: key };
  }

  /** Origin that a token of ours is bound to, also when it has ended; undefined for any other text. */
  originOf(token: string): string | undefined {
    try {
      return this.check(token, this.verifierOfEnded).origin;
    } catch {
      return undefined;
    }
  }

  private check(token: string, verify: (token: string) => BuyerClaims): BuyerClaims {
    if (!looksLikeBuyerToken(token)) throw new DomainError('token_invalid');
    try {
      const claims = verify(token);
      if (this.known.has(claims)) return claims;
      if (!isBuyerTokenOfOurs(token, claims, Date.now() / 1000)) throw new DomainError('token_invalid');
      this.known.add(claims);
      return claims;
    } catch (error) {
      const expired = error instanceof TokenError && error.code === TokenError.codes.expired;
      throw new DomainError(expired ? 'token_expired' : 'token_invalid');
    }
  }
}
