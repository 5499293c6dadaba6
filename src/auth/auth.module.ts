import { Global, Module } from '@nestjs/common';
import { RevocationsService } from './revocations.service.js';
import { SessionsRepository } from './sessions.repository.js';
import { TokenService } from './token.service.js';

/** Who is asking: access tokens, sessions, and the guard in front of every route. */
@Global()
@Module({
  providers: [TokenService, RevocationsService, SessionsRepository],
  exports: [TokenService],
})
export class AuthModule {}
