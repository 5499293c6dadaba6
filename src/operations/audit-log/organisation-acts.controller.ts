import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Needs } from '../../platform/access/access.decorators.js';
import type { Principal } from '../../platform/access/principal.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import * as schemas from './acts.schemas.js';
import { AuditLogService } from './audit-log.service.js';

@ApiTags('organisations')
@Needs('members')
@Controller('organisations/:id/audit')
export class OrganisationActsController {
  constructor(private readonly log: AuditLogService) {}

  @ApiOperation({
    summary: 'Acts on what is of an organisation of yours, newest first',
    description:
      'Every changing request of members, keys and administrators on its events, venues, webhooks, members and keys. Entries cannot be changed or removed.',
  })
  @ApiOkResponse({ standardSchema: schemas.actPage })
  @Get()
  list(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Query({ schema: schemas.organisationActQuery }) query: schemas.OrganisationActQuery,
  ) {
    return this.log.ofOrganisation(user, id, query);
  }
}
