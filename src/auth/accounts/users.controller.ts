import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiConflictResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { z } from 'zod';
import { Roles, StepUp } from '../../platform/access/access.decorators.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import { AccountLocksService } from './account-locks.service.js';
import * as schemas from './accounts.schemas.js';
import { RolesService } from './roles.service.js';

@ApiTags('admin')
@ApiBearerAuth()
@Roles('admin')
@Controller('admin/users')
export class UsersController {
  constructor(
    private readonly roles: RolesService,
    private readonly locks: AccountLocksService,
  ) {}

  @ApiOperation({ summary: 'Accounts, newest first' })
  @ApiOkResponse({ standardSchema: schemas.accountPage })
  @Get()
  list(@Query({ schema: schemas.accountQuery }) query: schemas.AccountQuery) {
    return this.roles.list(query);
  }

  @ApiOperation({ summary: 'Give an account a role; ends its sessions at once' })
  @ApiOkResponse({ standardSchema: schemas.managedAccount })
  @StepUp()
  @Patch(':id')
  assign(
    @IdParam() id: string,
    @Body({ schema: schemas.assignRole }) body: z.infer<typeof schemas.assignRole>,
  ) {
    return this.roles.assign(id, body.role);
  }

  @ApiOperation({
    summary: 'Lock an account: logins are refused, and its sessions end at once on every replica',
    description: 'Bookings, tickets and events of the account stay as they are.',
  })
  @ApiNoContentResponse()
  @ApiConflictResponse({ description: '`last_admin`' })
  @HttpCode(204)
  @Post(':id/lock')
  lock(
    @IdParam() id: string,
    @Body({ schema: schemas.lockAccount }) { reason }: z.infer<typeof schemas.lockAccount>,
  ) {
    return this.locks.lock(id, reason);
  }

  @ApiOperation({ summary: 'Unlock an account; its person may log in again' })
  @ApiNoContentResponse()
  @HttpCode(204)
  @Post(':id/unlock')
  unlock(@IdParam() id: string) {
    return this.locks.unlock(id);
  }

  @ApiOperation({
    summary: 'Turn off the second factor of an account whose person has lost it',
    description: 'Make sure that it is the person who asks. They get a mail, and all their sessions end.',
  })
  @ApiNoContentResponse()
  @ApiConflictResponse({ description: '`second_factor_off`' })
  @StepUp()
  @HttpCode(204)
  @Delete(':id/second-factor')
  async lost(@IdParam() id: string): Promise<void> {
    await this.locks.endSecondFactor(id);
  }
}
