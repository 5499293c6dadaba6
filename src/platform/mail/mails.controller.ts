import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Roles } from '../access/access.decorators.js';
import { IdParam } from '../http/id-param.decorators.js';
import { MailOperationsService } from './mail-operations.service.js';
import * as schemas from './mails.schemas.js';

@ApiTags('admin')
@ApiBearerAuth()
@Roles('admin')
@Controller('admin/mails')
export class MailsController {
  constructor(private readonly operations: MailOperationsService) {}

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
  retry(@IdParam() id: string) {
    return this.operations.retry(id);
  }
}
