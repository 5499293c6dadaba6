import { type JwtFromRequestFunction, Strategy } from 'passport-jwt';
import { bearerToken } from '../common/bearer-token.js';
import { DomainError } from '../common/domain-error.js';
import type { Principal } from './principal.js';
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

export function jwtStrategy(tokens: TokenService): Strategy {
  return new Strategy(
    {
      jwtFromRequest: bearerToken as unknown as JwtFromRequestFunction,
      secretOrKeyProvider: (_request, _token, done) => done(null, tokens as never),
    },
    (principal: Principal, done: Done) => done(null, principal),
  );
}

/** What passport reports about a request that it did not let pass, as the error a client sees. */
export function refusal(error: unknown, info: unknown): DomainError {
  const reason = error ?? info;
  return reason instanceof DomainError ? reason : new DomainError('unauthenticated');
}
