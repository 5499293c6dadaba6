import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { bookingBody } from '../../bookings/bookings.schemas.js';
import { BuyersToo, CurrentUser, KeysToo } from '../../platform/access/access.decorators.js';
import type { Principal } from '../../platform/access/principal.js';
import type { IdempotentCall } from '../../platform/common/idempotent-call.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import { Idempotent } from '../../platform/http/idempotent.decorators.js';
import * as schemas from './cancellation.schemas.js';
import { CancellationService } from './cancellation.service.js';
import { RefundQuotesService } from './refund-quotes.service.js';

@ApiTags('bookings')
@Controller('bookings/:id')
export class CancellationController {
  constructor(
    private readonly cancellations: CancellationService,
    private readonly quotes: RefundQuotesService,
  ) {}

  @BuyersToo('own')
  @KeysToo()
  @Get('refund-quote')
  @ApiOperation({
    summary: 'Refund that cancelling a booking or some of its items would give now',
    description:
      'By the better of two policies of the event: that of today, and that of the time when the booking was made.',
  })
  @ApiOkResponse({ standardSchema: schemas.refundQuote })
  quote(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Query({ schema: schemas.refundQuoteQuery }) { items }: schemas.RefundQuoteQuery,
  ) {
    return this.quotes.quote(user, id, items);
  }

  @BuyersToo('own')
  @KeysToo()
  @Post('cancel')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Cancel a booking or some of its items, before the event starts',
    description:
      'The money goes back first, as much as `refund-quote` says; with 202 a refund is still under way and its seats are not free yet. Bookings that an organizer cancels are paid back in full.',
  })
  @ApiOkResponse({ standardSchema: bookingBody, description: 'Cancelled and refunded' })
  @ApiAcceptedResponse({ standardSchema: bookingBody, description: 'A refund is under way, or was refused' })
  cancel(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Body({ schema: schemas.cancelInput }) body: schemas.CancelInput,
    @Idempotent() call: IdempotentCall | undefined,
  ) {
    return this.cancellations.cancel(user, id, body, call);
  }
}
