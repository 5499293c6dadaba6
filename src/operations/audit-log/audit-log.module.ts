import { Module } from '@nestjs/common';
import { ActsController } from './acts.controller.js';
import { AuditLogRepository } from './audit-log.repository.js';
import { AuditLogService } from './audit-log.service.js';

@Module({
  controllers: [ActsController],
  providers: [AuditLogService, AuditLogRepository],
})
export class AuditLogModule {}
