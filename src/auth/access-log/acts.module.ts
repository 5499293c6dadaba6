import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ActEntity } from './act.entity.js';
import { ActOutcomeEntity } from './act-outcome.entity.js';
import { ActsRepository } from './acts.repository.js';
import { ActsService } from './acts.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([ActEntity, ActOutcomeEntity])],
  providers: [ActsService, ActsRepository],
  exports: [ActsService],
})
export class ActsModule {}
