import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ActsModule } from '../access-log/acts.module.js';
import { AuthGuard } from './auth.guard.js';
import { JwtStrategy } from './jwt.strategy.js';
import { PasswordService } from './password.service.js';
import { RefreshTokenEntity } from './refresh-token.entity.js';
import { RevocationsService } from './revocations.service.js';
import { SessionEntity } from './session.entity.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { TokenService } from './token.service.js';

/** Who is asking: access tokens, sessions, and the guard in front of every route. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([SessionEntity, RefreshTokenEntity]), ActsModule],
  providers: [
    TokenService,
    JwtStrategy,
    PasswordService,
    SessionsService,
    RevocationsService,
    SessionsRepository,
    { provide: APP_GUARD, useClass: AuthGuard },
  ],
  exports: [TokenService, SessionsService, PasswordService, ActsModule],
})
export class AuthModule {}
