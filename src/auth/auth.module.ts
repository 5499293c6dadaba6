import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ActsModule } from '../acts/acts.module.js';
import { AuthGuard } from './auth.guard.js';
import { PasswordService } from './password.service.js';
import { RevocationsService } from './revocations.service.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { TokenService } from './token.service.js';

/** Who is asking: access tokens, sessions, and the guard in front of every route. */
@Global()
@Module({
  imports: [ActsModule],
  providers: [
    TokenService,
    PasswordService,
    SessionsService,
    RevocationsService,
    SessionsRepository,
    { provide: APP_GUARD, useClass: AuthGuard },
  ],
  exports: [TokenService, SessionsService, PasswordService, ActsModule],
})
export class AuthModule {}
