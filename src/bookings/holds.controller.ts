import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Limited } from '../auth/limits/limits.decorators.js';
import { type NewHold, newHold } from '../inventory/holds/holds.schemas.js';
import { BuyersToo, CurrentUser } from '../platform/access/access.decorators.js';
import type { Principal } from '../platform/access/principal.js';
import type { IdempotentCall } from '../platform/common/idempotent-call.js';
import { IdParam } from '../platform/http/id-param.decorators.js';
import { Idempotent } from '../platform/http/idempotent.decorators.js';
import { holdBody } from './bookings.schemas.js';
import { BookingsService } from './bookings.service.js';

@ApiTags('bookings')
@Controller('events/:id/holds')
export class HoldsController {
  constructor(private readonly bookings: BookingsService) {}

  @BuyersToo('event')
  @Post()
  @Limited('holds')
  @ApiOperation({
    summary: 'Hold seats, places or the best seats left, all of them or none',
    description:
      'The hold is a booking that ends at `expiresAt` unless it is paid, released or extended before.',
  })
  @ApiCreatedResponse({ standardSchema: holdBody })
  async hold(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Body({ schema: newHold }) body: NewHold,
    @Idempotent() call: IdempotentCall | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const hold = await this.bookings.hold(user, id, body, call, {
      ip: request.ip,
      isForwarded: request.headers['x-forwarded-for'] !== undefined,
      isGone: () => request.raw.socket.destroyed,
    });
    reply.header('Location', `/api/v1/bookings/${hold.body.id}`);
    return hold;
  }
}
