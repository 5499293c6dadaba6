import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RecoveryCodeEntity } from './recovery-code.entity.js';
import { SecondFactorEntity } from './second-factor.entity.js';
import { SecondFactorsRepository } from './second-factors.repository.js';
import { SecondFactorsService } from './second-factors.service.js';

/** Second factors of accounts. */
@Module({
  imports: [TypeOrmModule.forFeature([SecondFactorEntity, RecoveryCodeEntity])],
  providers: [SecondFactorsService, SecondFactorsRepository],
  exports: [SecondFactorsService],
})
export class FactorsModule {}
