import { Body, Controller, Get, HttpCode, Param, Post, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Roles } from '../auth/auth.decorators.js';
import type { Principal } from '../auth/principal.js';
import { Idempotent, IdempotentCall } from '../common/idempotent-call.js';
import { idParams } from '../common/schemas.js';
import { VersionTagInterceptor } from '../common/version-tag.interceptor.js';
import { eventBody, toEventBody } from '../events/events.schemas.js';
import * as schemas from './event-cancellation.schemas.js';
import { EventCancellations } from './event-cancellation.service.js';

@ApiTags('events')
@Roles('organizer')
@Controller('events/:id')
export class EventCancellationController {
  constructor(private readonly cancellations: EventCancellations) {}

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
    @Param({ schema: idParams }) { id }: { id: string },
    @Body({ schema: schemas.eventCancelInput }) body: schemas.EventCancelInput,
    @Idempotent() call: IdempotentCall,
  ) {
    return toEventBody(await this.cancellations.cancel(user, id, body, call));
  }

  @Get('cancellation')
  @ApiOperation({ summary: 'How far the refunds of a cancelled event of yours are' })
  @ApiOkResponse({ standardSchema: schemas.eventCancellation })
  progress(@CurrentUser() user: Principal, @Param({ schema: idParams }) { id }: { id: string }) {
    return this.cancellations.progress(user, id);
  }
}
