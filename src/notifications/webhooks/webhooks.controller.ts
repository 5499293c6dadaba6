import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Patch,
  Post,
  UseInterceptors,
} from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentUser, Needs } from '../../platform/access/access.decorators.js';
import type { Principal } from '../../platform/access/principal.js';
import type { IdempotentCall } from '../../platform/common/idempotent-call.js';
import { IF_MATCH, requiredVersion } from '../../platform/http/etag.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import { Idempotent } from '../../platform/http/idempotent.decorators.js';
import { VersionTagInterceptor } from '../../platform/http/version-tag.interceptor.js';
import * as schemas from './webhooks.schemas.js';
import { WebhooksService } from './webhooks.service.js';

@ApiTags('webhooks')
@Needs('settings')
@Controller('webhooks')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Get()
  @ApiOperation({ summary: 'List your webhooks' })
  @ApiOkResponse({ standardSchema: schemas.webhookList })
  list(@CurrentUser() user: Principal) {
    return this.webhooks.list(user);
  }

  @Get(':id')
  @UseInterceptors(VersionTagInterceptor)
  @ApiOperation({ summary: 'Read a webhook of yours' })
  @ApiOkResponse({ standardSchema: schemas.webhook })
  find(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.webhooks.find(user, id);
  }

  @Post()
  @UseInterceptors(VersionTagInterceptor)
  @ApiOperation({
    summary: 'Be told what happens at your events',
    description:
      'Each fact comes as a POST signed after Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`), in order within its stream, at least once: the same `webhook-id` is the same message. Anything but a 2xx within ten seconds is tried again for 32 hours. The answer holds the secret, once.',
  })
  @ApiCreatedResponse({ standardSchema: schemas.webhookSecret })
  create(
    @CurrentUser() user: Principal,
    @Body({ schema: schemas.newWebhook }) body: schemas.NewWebhook,
    @Idempotent() call: IdempotentCall | undefined,
  ) {
    return this.webhooks.create(user, body, call);
  }

  @Patch(':id')
  @UseInterceptors(VersionTagInterceptor)
  @ApiOperation({ summary: 'Change a webhook of yours, or switch it off and on' })
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ standardSchema: schemas.webhook })
  update(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Headers('if-match') tag: string | undefined,
    @Body({ schema: schemas.webhookChanges }) body: schemas.WebhookChanges,
  ) {
    return this.webhooks.update(user, id, requiredVersion(tag), body);
  }

  @Post(':id/secret')
  @HttpCode(200)
  @ApiOperation({ summary: 'Change the secret; the old one signs along for a day' })
  @ApiOkResponse({ standardSchema: schemas.webhookSecret })
  changeSecret(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.webhooks.changeSecret(user, id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a webhook of yours with its deliveries' })
  @ApiNoContentResponse({ description: 'Deleted' })
  delete(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.webhooks.delete(user, id);
  }
}
