import { Inject, Injectable } from '@nestjs/common';
import { createSigner, createVerifier, TokenError } from 'fast-jwt';
import type { BoundSale, Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { ApiKeysService } from '../keys/api-keys.service.js';
import { isMeantAsKey } from '../keys/key.rules.js';
import { isMeantForBuyer } from './buyer-token.rules.js';
import { BuyerTokens } from './buyer-tokens.js';
import { RevocationsService } from './revocations.service.js';
import {
  ACCESS_TOKEN_SECONDS,
  AUDIENCE,
  type Claims,
  ISSUER,
  isWrittenByUs,
  looksLikeToken,
} from './token.rules.js';

/** Signs and reads access tokens: JWT, HS256 only (RFC 8725), 15 minutes. */
@Injectable()
export class TokenService {
  private readonly signer: (claims: Pick<Claims, 'sub' | 'role' | 'sid' | 'locale' | 'mfa'>) => string;
  private readonly verifier: (token: string) => Claims;
  /** Looked at before: the verifier gives the same object again for as long as it keeps it. */
  private readonly known = new WeakSet<Claims>();
  private readonly buyers: BuyerTokens;

  constructor(
    @Inject(CONFIG) config: Pick<Config, 'auth'>,
    private readonly revocations: RevocationsService,
    @Inject(ApiKeysService) private readonly keys: Pick<ApiKeysService, 'authenticate' | 'isGood'>,
  ) {
    this.buyers = new BuyerTokens(config.auth.jwtSecret);
    const shared = { key: config.auth.jwtSecret };
    this.signer = createSigner({
      ...shared,
      algorithm: 'HS256',
      expiresIn: ACCESS_TOKEN_SECONDS * 1000,
      iss: ISSUER,
      aud: AUDIENCE,
    });
    this.verifier = createVerifier({
      ...shared,
      algorithms: ['HS256'],
      allowedIss: ISSUER,
      allowedAud: AUDIENCE,
      checkTyp: 'JWT',
      requiredClaims: ['sub', 'role', 'sid', 'iat', 'exp'],
      cache: 10_000,
    });
  }

  sign({ id, role, sessionId, locale, strong }: Principal): string {
    return this.signer({ sub: id, role, sid: sessionId, locale, ...(strong && { mfa: true }) });
  }

  /** @param expiresAt on the second */
  signForBuyer(
    { id, sessionId, locale }: Principal,
    sale: BoundSale,
    keyId: string,
    expiresAt: Date,
  ): string {
    const { eventId: event, origin } = sale;
    const exp = Math.floor(expiresAt.getTime() / 1000);
    return this.buyers.sign({ sub: id, sid: sessionId, locale, event, origin, key: keyId, exp });
  }

  /** Origin that the token of a buyer session is bound to, also when it has ended; undefined for any other text. */
  originOf(token: string): string | undefined {
    return this.buyers.originOf(token);
  }

  /**
   * Who sent this access token, this token of a buyer session, or this key of an organisation. A buyer session ends with the
   * key that made it.
   * Errors: `token_invalid`, `token_expired`, `token_revoked`, `key_invalid`, `key_ended` (all 401).
   */
  authenticate(token: string): Principal {
    if (isMeantAsKey(token)) return this.keys.authenticate(token);
    if (isMeantForBuyer(token)) return this.authenticateBuyer(token);
    const { sub, role, sid, locale = 'en', mfa } = this.read(token);
    if (this.revocations.has(sid)) throw new DomainError('token_revoked');
    return { id: sub, role, sessionId: sid, locale, ...(mfa && { strong: mfa }) };
  }

  private authenticateBuyer(token: string): Principal {
    const { principal, keyId } = this.buyers.read(token);
    if (this.revocations.has(principal.sessionId) || !this.keys.isGood(keyId))
      throw new DomainError('token_revoked');
    return principal;
  }

  private read(token: string): Claims {
    if (!looksLikeToken(token)) throw new DomainError('token_invalid');
    try {
      const claims = this.verifier(token);
      if (this.known.has(claims)) return claims;
      if (!isWrittenByUs(token, claims, Date.now() / 1000)) throw new DomainError('token_invalid');
      this.known.add(claims);
      return claims;
    } catch (error) {
      const expired = error instanceof TokenError && error.code === TokenError.codes.expired;
      throw new DomainError(expired ? 'token_expired' : 'token_invalid');
    }
  }
}
