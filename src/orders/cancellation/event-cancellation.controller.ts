import { Body, Controller, Get, HttpCode, Post, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { eventBody, toEventBody } from '../../events/events.schemas.js';
import { CurrentUser, Needs, StepUp } from '../../platform/access/access.decorators.js';
import type { Principal } from '../../platform/access/principal.js';
import type { IdempotentCall } from '../../platform/common/idempotent-call.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import { Idempotent } from '../../platform/http/idempotent.decorators.js';
import { VersionTagInterceptor } from '../../platform/http/version-tag.interceptor.js';
import * as schemas from './event-cancellation.schemas.js';
import { EventCancellationService } from './event-cancellation.service.js';

@ApiTags('events')
@Needs('events')
@Controller('events/:id')
export class EventCancellationController {
  constructor(private readonly cancellations: EventCancellationService) {}

  @StepUp()
  @Post('cancel')
  @HttpCode(200)
  @UseInterceptors(VersionTagInterceptor)
  @ApiOperation({
    summary: 'Call off an event of yours',
    description:
      'From then on nothing of it can be held or paid. Holds end, and all that was sold is paid back in full, fees included; `cancellation` shows how far that is.',
  })
  @ApiOkResponse({ standardSchema: eventBody })
  async cancel(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Body({ schema: schemas.eventCancelInput }) body: schemas.EventCancelInput,
    @Idempotent() call: IdempotentCall | undefined,
  ) {
    return (await this.cancellations.cancel(user, id, body, call)).map(toEventBody);
  }

  @Get('cancellation')
  @ApiOperation({ summary: 'How far the refunds of a cancelled event of yours are' })
  @ApiOkResponse({ standardSchema: schemas.eventCancellation })
  progress(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.cancellations.progress(user, id);
  }
}
