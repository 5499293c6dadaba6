import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditLookEntity } from './audit-look.entity.js';
import { InvariantsRepository } from './invariants.repository.js';
import { InvariantsService } from './invariants.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([AuditLookEntity])],
  providers: [InvariantsRepository, InvariantsService],
  exports: [InvariantsService],
})
export class InvariantsModule {}
