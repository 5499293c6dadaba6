import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Roles } from '../auth/auth.decorators.js';
import { idParams } from '../common/schemas.js';
import { MailOperations } from './mail-operations.service.js';
import * as schemas from './mails.schemas.js';

@ApiTags('admin')
@ApiBearerAuth()
@Roles('admin')
@Controller('admin/mails')
export class MailsController {
  constructor(private readonly operations: MailOperations) {}

  @ApiOperation({
    summary: 'Mail that waits, and what became of the rest, newest first; without what it says',
  })
  @ApiOkResponse({ standardSchema: schemas.mailPage })
  @Get()
  list(@Query({ schema: schemas.mailQuery }) query: schemas.MailQuery) {
    return this.operations.list(query);
  }

  @ApiOperation({ summary: 'Try one now that waits or was given up' })
  @ApiOkResponse({ standardSchema: schemas.mailBody })
  @Post(':id/retry')
  @HttpCode(200)
  retry(@Param({ schema: idParams }) { id }: { id: string }) {
    return this.operations.retry(id);
  }
}
