import { Body, Controller, Param, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentUser } from '../auth/auth.decorators.js';
import type { Principal } from '../auth/principal.js';
import { IdempotencyKey } from '../common/idempotency-key.js';
import { idParams } from '../common/schemas.js';
import { type NewHold, newHold } from '../inventory/holds.schemas.js';
import { holdBody } from './bookings.schemas.js';
import { BookingsService } from './bookings.service.js';

@ApiTags('bookings')
@Controller('events/:id/holds')
export class HoldsController {
  constructor(private readonly bookings: BookingsService) {}

  @Post()
  @ApiOperation({
    summary: 'Hold seats, places or the best seats left, all of them or none',
    description:
      'The hold is a booking that ends at `expiresAt` unless it is paid, released or extended before.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'A retry with it gets the same hold' })
  @ApiCreatedResponse({ standardSchema: holdBody })
  async hold(
    @CurrentUser() { id: userId }: Principal,
    @Param({ schema: idParams }) { id }: { id: string },
    @Body({ schema: newHold }) body: NewHold,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const isGone = () => request.raw.socket.destroyed;
    const { hold, replayed } = await this.bookings.hold(id, body, { userId, idempotencyKey, isGone });
    reply.headers({ Location: `/api/v1/bookings/${hold.id}`, ...(replayed && REPLAYED) });
    return hold;
  }
}

const REPLAYED = { 'Idempotency-Replayed': 'true' };
