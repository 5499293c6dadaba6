import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ActsModule } from '../access-log/acts.module.js';
import { GrantsRepository } from '../grants/grants.repository.js';
import { GrantsService } from '../grants/grants.service.js';
import { MemberEntity } from '../grants/member.entity.js';
import { ApiKeyEntity } from '../keys/api-key.entity.js';
import { ApiKeysRepository } from '../keys/api-keys.repository.js';
import { ApiKeysService } from '../keys/api-keys.service.js';
import { AuthGuard } from './auth.guard.js';
import { JwtStrategy } from './jwt.strategy.js';
import { OneTimeTokenEntity } from './one-time-token.entity.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';
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
  imports: [
    TypeOrmModule.forFeature([
      SessionEntity,
      RefreshTokenEntity,
      MemberEntity,
      ApiKeyEntity,
      OneTimeTokenEntity,
    ]),
    ActsModule,
  ],
  providers: [
    TokenService,
    JwtStrategy,
    PasswordService,
    SessionsService,
    RevocationsService,
    SessionsRepository,
    OneTimeTokensRepository,
    GrantsService,
    GrantsRepository,
    ApiKeysService,
    ApiKeysRepository,
    { provide: APP_GUARD, useClass: AuthGuard },
  ],
  exports: [
    TokenService,
    GrantsService,
    ApiKeysService,
    SessionsService,
    PasswordService,
    OneTimeTokensRepository,
    ActsModule,
  ],
})
export class AuthModule {}
