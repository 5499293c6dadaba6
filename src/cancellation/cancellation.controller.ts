import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentUser } from '../auth/auth.decorators.js';
import type { Principal } from '../auth/principal.js';
import { bookingBody } from '../bookings/bookings.schemas.js';
import { Idempotent, IdempotentCall } from '../common/idempotent-call.js';
import { idParams } from '../common/schemas.js';
import * as schemas from './cancellation.schemas.js';
import { CancellationService } from './cancellation.service.js';
import { RefundQuotes } from './refund-quotes.service.js';

@ApiTags('bookings')
@Controller('bookings/:id')
export class CancellationController {
  constructor(
    private readonly cancellations: CancellationService,
    private readonly quotes: RefundQuotes,
  ) {}

  @Get('refund-quote')
  @ApiOperation({
    summary: 'What cancelling a booking or some of its items would pay back now',
    description:
      'By the better of two policies of the event: that of today, and that of the time when the booking was made.',
  })
  @ApiOkResponse({ standardSchema: schemas.refundQuote })
  quote(
    @CurrentUser() user: Principal,
    @Param({ schema: idParams }) { id }: { id: string },
    @Query({ schema: schemas.refundQuoteQuery }) { items }: schemas.RefundQuoteQuery,
  ) {
    return this.quotes.quote(user, id, items);
  }

  @Post('cancel')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Cancel a booking or some of its items, before the event starts',
    description:
      'The money goes back first, as much as `refund-quote` says; with 202 a refund is still under way and its seats are not free yet. Bookings that an organizer cancels are paid back in full.',
  })
  @ApiOkResponse({ standardSchema: bookingBody, description: 'Cancelled and refunded' })
  @ApiAcceptedResponse({ standardSchema: bookingBody, description: 'A refund is under way, or was refused' })
  async cancel(
    @CurrentUser() user: Principal,
    @Param({ schema: idParams }) { id }: { id: string },
    @Body({ schema: schemas.cancelInput }) body: schemas.CancelInput,
    @Idempotent() call: IdempotentCall,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const answer = await this.cancellations.cancel(user, id, body, call);
    reply.status(answer.status);
    return answer.body;
  }
}
