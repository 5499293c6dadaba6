import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { type JwtFromRequestFunction, Strategy } from 'passport-jwt';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { newId } from '../../platform/common/ids.js';
import { bearerToken } from '../../platform/http/bearer-token.js';
import { TokenService } from './token.service.js';

type Done = (error: unknown, principal?: Principal) => void;

// passport-jwt's own verifier is jsonwebtoken: 0.8 ms a request with a secret given as text. The "key" handed through
// the strategy is the token service, so that several applications in one process keep their secrets apart.
(Strategy as unknown as { JwtVerifier: unknown }).JwtVerifier = (
  token: string,
  tokens: TokenService,
  _options: unknown,
  done: Done,
): void => {
  let principal: Principal;
  try {
    principal = tokens.authenticate(token);
  } catch (error) {
    done(error);
    return;
  }
  done(null, principal);
};

/** Reads the access token of a request. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) implements OnApplicationShutdown {
  constructor(tokens: TokenService) {
    super({
      jwtFromRequest: bearerToken as unknown as JwtFromRequestFunction,
      secretOrKeyProvider: (_request, _token, done) => done(null, tokens as never),
    });
    // Passport keeps strategies by name for the whole process; several applications may live in it.
    this.name = `jwt-${newId()}`;
    passport.use(this);
  }

  validate(principal: Principal): Principal {
    return principal;
  }

  onApplicationShutdown(): void {
    passport.unuse(this.name);
  }
}

/** Translates Passport's report about a request that it refused into the error a client sees. */
export function refusal(error: unknown, info: unknown): DomainError {
  const reason = error ?? info;
  return reason instanceof DomainError ? reason : new DomainError('unauthenticated');
}
