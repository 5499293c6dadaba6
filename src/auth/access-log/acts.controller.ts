import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/access/access.decorators.js';
import * as schemas from './acts.schemas.js';
import { ActsService } from './acts.service.js';

@ApiTags('admin')
@ApiBearerAuth()
@Roles('admin')
@Controller('admin/audit')
export class ActsController {
  constructor(private readonly acts: ActsService) {}

  @ApiOperation({
    summary: 'Acts of administrators and organizers, newest first',
    description:
      'Every changing request on a route that asks for a role, and every changing request of an administrator. Entries cannot be changed or removed.',
  })
  @ApiOkResponse({ standardSchema: schemas.actPage })
  @Get()
  list(@Query({ schema: schemas.actQuery }) query: schemas.ActQuery) {
    return this.acts.list(query);
  }
}
