import { Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Limited } from '../auth/limits/limits.decorators.js';
import { bookingBody } from '../bookings/bookings.schemas.js';
import { CurrentUser } from '../platform/access/access.decorators.js';
import type { Principal } from '../platform/access/principal.js';
import { IdParam } from '../platform/http/id-param.decorators.js';
import * as schemas from './waitlist.schemas.js';
import { WaitlistService } from './waitlist.service.js';

@ApiTags('waitlist')
@Controller('waitlist')
export class WaitlistController {
  constructor(private readonly waitlist: WaitlistService) {}

  @Get()
  @ApiOperation({ summary: 'List your entries, newest first' })
  @ApiOkResponse({ standardSchema: schemas.entryPage })
  list(@CurrentUser() user: Principal, @Query({ schema: schemas.entryQuery }) query: schemas.EntryQuery) {
    return this.waitlist.list(user, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read an entry of yours, with your place in the line' })
  @ApiOkResponse({ standardSchema: schemas.entryBody })
  read(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.waitlist.read(user, id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Leave the line; what is offered to you is declined' })
  @ApiNoContentResponse({ description: 'Left' })
  @ApiConflictResponse({ description: 'Not in the line any more' })
  leave(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.waitlist.leave(user, id);
  }

  @Post(':id/accept')
  @Limited('waitlist')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Accept an offer: it becomes a hold of yours, to be paid like any other',
    description: 'Paying the hold of an offer accepts it, too.',
  })
  @ApiOkResponse({ standardSchema: bookingBody })
  @ApiConflictResponse({ description: 'Nothing is offered, or its time is over' })
  accept(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.waitlist.accept(user, id);
  }

  @Post(':id/decline')
  @HttpCode(200)
  @ApiOperation({ summary: 'Decline an offer: the seats go to the next in line, and you leave it' })
  @ApiOkResponse({ standardSchema: schemas.entryBody })
  @ApiConflictResponse({ description: 'Nothing is offered, or its time is over' })
  decline(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.waitlist.decline(user, id);
  }
}
