import { Module } from '@nestjs/common';
import { ActsController } from './acts.controller.js';
import { AuditLogRepository } from './audit-log.repository.js';
import { AuditLogService } from './audit-log.service.js';
import { OrganisationActsController } from './organisation-acts.controller.js';

@Module({
  controllers: [ActsController, OrganisationActsController],
  providers: [AuditLogService, AuditLogRepository],
})
export class AuditLogModule {}
