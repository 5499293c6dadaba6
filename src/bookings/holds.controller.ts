import { Body, Controller, Param, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentUser } from '../auth/auth.decorators.js';
import type { Principal } from '../auth/principal.js';
import { Idempotent, IdempotentCall } from '../common/idempotent-call.js';
import { idParams } from '../common/schemas.js';
import { type NewHold, newHold } from '../inventory/holds.schemas.js';
import { Limited } from '../limits/limits.decorators.js';
import { holdBody } from './bookings.schemas.js';
import { BookingsService } from './bookings.service.js';

@ApiTags('bookings')
@Controller('events/:id/holds')
export class HoldsController {
  constructor(private readonly bookings: BookingsService) {}

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
    @Param({ schema: idParams }) { id }: { id: string },
    @Body({ schema: newHold }) body: NewHold,
    @Idempotent() call: IdempotentCall,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const hold = await this.bookings.hold(user, id, body, call, () => request.raw.socket.destroyed);
    reply.header('Location', `/api/v1/bookings/${hold.id}`);
    return hold;
  }
}
