import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../accounts/accounts.module.js';
import { FactorsModule } from '../factors/factors.module.js';
import { PasskeysModule } from '../passkeys/passkeys.module.js';
import { AdminIdentityProvidersController } from './admin-identity-providers.controller.js';
import { IdentitiesController } from './identities.controller.js';
import { IdentitiesService } from './identities.service.js';
import { IdentityLoginService } from './identity-login.service.js';
import { IdentityOwnersService } from './identity-owners.service.js';
import { IdentityProviderEntity } from './identity-provider.entity.js';
import { IdentityProvidersRepository } from './identity-providers.repository.js';
import { IdentityProvidersService } from './identity-providers.service.js';
import { OidcClient } from './oidc.client.js';
import { OrganisationIdentityProvidersController } from './organisation-identity-providers.controller.js';

/** Logins at other providers: OpenID Connect. */
@Module({
  imports: [
    TypeOrmModule.forFeature([IdentityProviderEntity]),
    AccountsModule,
    FactorsModule,
    PasskeysModule,
  ],
  controllers: [
    IdentitiesController,
    AdminIdentityProvidersController,
    OrganisationIdentityProvidersController,
  ],
  providers: [
    IdentityLoginService,
    IdentityOwnersService,
    IdentitiesService,
    IdentityProvidersService,
    IdentityProvidersRepository,
    OidcClient,
  ],
})
export class IdentitiesModule {}
