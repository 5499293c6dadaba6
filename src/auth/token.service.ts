import { Inject, Injectable } from '@nestjs/common';
import { createSigner, createVerifier, TokenError } from 'fast-jwt';
import { DomainError } from '../common/domain-error.js';
import { CONFIG, type Config } from '../config/config.js';
import { type Principal, ROLE_NAMES, type Role } from './principal.js';
import { RevocationsService } from './revocations.service.js';

export const ACCESS_TOKEN_SECONDS = 15 * 60;
const ISSUER = 'evently';
const AUDIENCE = 'evently-api';

// The last character of an HS256 signature carries two unused bits; with them free, four spellings of one token would
// pass. Header and payload need no such check: their spelling is what is signed.
const CANONICAL = /^[\w-]+\.[\w-]+\.[\w-]{42}[AEIMQUYcgkosw048]$/;

/** Ours have some 330 characters. */
const LONGEST = 2_048;

interface Claims {
  sub: string;
  role: Role;
  sid: string;
}

/** Signs and reads access tokens: JWT, HS256 only (RFC 8725), 15 minutes. */
@Injectable()
export class TokenService {
  private readonly signer: (claims: Claims) => string;
  private readonly verifier: (token: string) => Claims;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly revocations: RevocationsService,
  ) {
    const shared = { key: config.jwtSecret };
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

  sign({ id, role, sessionId }: Principal): string {
    return this.signer({ sub: id, role, sid: sessionId });
  }

  /** Who sent this access token. Errors: `token_invalid`, `token_expired`, `token_revoked` (all 401). */
  authenticate(token: string): Principal {
    const { sub, role, sid } = this.read(token);
    if (this.revocations.has(sid)) throw new DomainError('token_revoked');
    return { id: sub, role, sessionId: sid };
  }

  private read(token: string): Claims {
    if (token.length > LONGEST || !CANONICAL.test(token)) throw new DomainError('token_invalid');
    try {
      const claims = this.verifier(token);
      if (!ROLE_NAMES.includes(claims.role)) throw new DomainError('token_invalid');
      return claims;
    } catch (error) {
      const expired = error instanceof TokenError && error.code === TokenError.codes.expired;
      throw new DomainError(expired ? 'token_expired' : 'token_invalid');
    }
  }
}
