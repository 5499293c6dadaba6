import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/access/access.decorators.js';
import * as schemas from './acts.schemas.js';
import { AuditLogService } from './audit-log.service.js';

@ApiTags('admin')
@ApiBearerAuth()
@Roles('admin')
@Controller('admin/audit')
export class ActsController {
  constructor(private readonly log: AuditLogService) {}

  @ApiOperation({
    summary: 'Acts of administrators and organizers, newest first',
    description:
      'Every changing request on a route that asks for a role, every changing request of an administrator, and every look at mails and accounts of others. Entries cannot be changed or removed.',
  })
  @ApiOkResponse({ standardSchema: schemas.actPage })
  @Get()
  list(@Query({ schema: schemas.actQuery }) query: schemas.ActQuery) {
    return this.log.list(query);
  }
}
