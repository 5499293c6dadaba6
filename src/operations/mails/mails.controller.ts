import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiConflictResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Recorded, Roles } from '../../platform/access/access.decorators.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import * as schemas from './mails.schemas.js';
import { OperatorMailsService } from './operator-mails.service.js';

@ApiTags('admin')
@ApiBearerAuth()
@Roles('admin')
@Controller('admin/mails')
export class MailsController {
  constructor(private readonly mails: OperatorMailsService) {}

  @ApiOperation({
    summary: 'Mail that waits, and what became of the rest, newest first; a look is recorded',
  })
  @ApiOkResponse({ standardSchema: schemas.mailPage })
  @Get()
  @Recorded()
  list(@Query({ schema: schemas.mailQuery }) query: schemas.MailQuery) {
    return this.mails.list(query);
  }

  @ApiOperation({
    summary: 'Text of one, written anew; a look is recorded',
    description:
      'Texts are not kept, so it says what is true now. Links that stand for a password have no token, and attachments are named without their contents.',
  })
  @ApiOkResponse({ standardSchema: schemas.mailPreview })
  @ApiConflictResponse({ description: '`mail_not_repeatable`' })
  @Get(':id/preview')
  @Recorded()
  preview(@IdParam() id: string) {
    return this.mails.preview(id);
  }

  @ApiOperation({ summary: 'Try one now that waits or was given up' })
  @ApiOkResponse({ standardSchema: schemas.mailBody })
  @Post(':id/retry')
  @HttpCode(200)
  retry(@IdParam() id: string) {
    return this.mails.retry(id);
  }

  @ApiOperation({ summary: 'Send one again that was sent, dropped or given up: a new mail' })
  @ApiOkResponse({ standardSchema: schemas.mailBody })
  @ApiConflictResponse({ description: '`mail_under_way` or `mail_not_repeatable`' })
  @Post(':id/repeat')
  @HttpCode(200)
  repeat(@IdParam() id: string) {
    return this.mails.repeat(id);
  }
}
