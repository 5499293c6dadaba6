import { Body, Controller, Get, Post, Res } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Limited } from '../auth/limits/limits.decorators.js';
import { CurrentUser, Needs } from '../platform/access/access.decorators.js';
import type { Principal } from '../platform/access/principal.js';
import type { IdempotentCall } from '../platform/common/idempotent-call.js';
import { IdParam } from '../platform/http/id-param.decorators.js';
import { Idempotent } from '../platform/http/idempotent.decorators.js';
import * as schemas from './waitlist.schemas.js';
import { WaitlistService } from './waitlist.service.js';

@ApiTags('waitlist')
@Controller('events/:id/waitlist')
export class EventWaitlistController {
  constructor(private readonly waitlist: WaitlistService) {}

  @Post()
  @Limited('waitlist')
  @ApiOperation({
    summary: 'Wait for seats that others give back',
    description:
      'Freed seats are offered in the order in which people joined: as many as there are of what you want, at least `minQuantity`. An offer is held for you until its deadline. Once declined or missed, you may join again at the end.',
  })
  @ApiCreatedResponse({ standardSchema: schemas.entryBody })
  @ApiConflictResponse({ description: 'Waiting already, or there is no need to wait (`seats_available`)' })
  async join(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Body({ schema: schemas.newEntry }) body: schemas.NewEntry,
    @Idempotent() call: IdempotentCall | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const entry = await this.waitlist.join(user, id, body, call);
    reply.header('Location', `/api/v1/waitlist/${entry.body.id}`);
    return entry;
  }

  @Get()
  @Needs('people')
  @ApiOperation({ summary: 'Read what people wait for at an event of yours' })
  @ApiOkResponse({ standardSchema: schemas.demandBody })
  demand(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.waitlist.demand(user, id);
  }
}
