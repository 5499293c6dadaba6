import { Inject, Injectable } from '@nestjs/common';
import { createSigner, createVerifier, TokenError } from 'fast-jwt';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { ApiKeysService } from '../keys/api-keys.service.js';
import { isMeantAsKey } from '../keys/key.rules.js';
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

  constructor(
    @Inject(CONFIG) config: Pick<Config, 'auth'>,
    private readonly revocations: RevocationsService,
    @Inject(ApiKeysService) private readonly keys: Pick<ApiKeysService, 'authenticate'>,
  ) {
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

  /**
   * Who sent this access token, or this key of an organisation.
   * Errors: `token_invalid`, `token_expired`, `token_revoked`, `key_invalid`, `key_ended` (all 401).
   */
  authenticate(token: string): Principal {
    if (isMeantAsKey(token)) return this.keys.authenticate(token);
    const { sub, role, sid, locale = 'en', mfa } = this.read(token);
    if (this.revocations.has(sid)) throw new DomainError('token_revoked');
    return { id: sub, role, sessionId: sid, locale, ...(mfa && { strong: mfa }) };
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
