import { Body, Controller, Get, Patch, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Roles } from '../../platform/access/access.decorators.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import { account, accountPage, accountQuery, assignRole } from './accounts.schemas.js';
import { RolesService } from './roles.service.js';

@ApiTags('admin')
@ApiBearerAuth()
@Roles('admin')
@Controller('admin/users')
export class UsersController {
  constructor(private readonly roles: RolesService) {}

  @ApiOperation({ summary: 'Accounts, newest first' })
  @ApiOkResponse({ standardSchema: accountPage })
  @Get()
  list(@Query({ schema: accountQuery }) query: z.infer<typeof accountQuery>) {
    return this.roles.list(query);
  }

  @ApiOperation({ summary: 'Give an account a role; ends its sessions at once' })
  @ApiOkResponse({ standardSchema: account })
  @Patch(':id')
  assign(@IdParam() id: string, @Body({ schema: assignRole }) body: z.infer<typeof assignRole>) {
    return this.roles.assign(id, body.role);
  }
}
