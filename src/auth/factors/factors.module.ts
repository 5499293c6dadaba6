import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IdentitiesRepository } from './identities.repository.js';
import { IdentityEntity } from './identity.entity.js';
import { RecoveryCodeEntity } from './recovery-code.entity.js';
import { SecondFactorEntity } from './second-factor.entity.js';
import { SecondFactorsRepository } from './second-factors.repository.js';
import { SecondFactorsService } from './second-factors.service.js';

/** Second factors of accounts, and who people are at other providers. */
@Module({
  imports: [TypeOrmModule.forFeature([SecondFactorEntity, RecoveryCodeEntity, IdentityEntity])],
  providers: [SecondFactorsService, SecondFactorsRepository, IdentitiesRepository],
  exports: [SecondFactorsService, IdentitiesRepository],
})
export class FactorsModule {}
