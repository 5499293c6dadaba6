import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiPaymentRequiredResponse,
  ApiTags,
} from '@nestjs/swagger';
import { Limited } from '../../auth/limits/limits.decorators.js';
import { bookingBody } from '../../bookings/bookings.schemas.js';
import { CARD_LIST } from '../../payments/providers/sandbox.schemas.js';
import { BuyersToo, CurrentUser } from '../../platform/access/access.decorators.js';
import type { Principal } from '../../platform/access/principal.js';
import type { IdempotentCall } from '../../platform/common/idempotent-call.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import { Idempotent } from '../../platform/http/idempotent.decorators.js';
import * as schemas from './checkout.schemas.js';
import { CheckoutService } from './checkout.service.js';

@ApiTags('bookings')
@Controller('bookings/:id')
export class CheckoutController {
  constructor(private readonly checkouts: CheckoutService) {}

  @BuyersToo('own')
  @Post('checkout')
  @Limited('checkout')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Pay a hold of yours',
    description: `With 202 the payment is under way: do what \`nextAction\` says, if it is there, and read the booking until its status changes. A declined payment (402 \`payment_declined\`) leaves the hold for another try, three in all. If the bank sets the money aside and then does not pay it (402 \`payment_not_collected\`), the booking has ended and its seats are free. Beginning anew gives up a second step that waits for the buyer; where the bank agrees at that very moment, the answer is the confirmed booking, and only that charge is made.\n\nCards of the sandbox:\n${CARD_LIST}`,
  })
  @ApiOkResponse({ standardSchema: bookingBody, description: 'Confirmed' })
  @ApiAcceptedResponse({ standardSchema: bookingBody, description: 'The payment is under way' })
  @ApiPaymentRequiredResponse({
    description:
      '`payment_declined`: `reason` says why, `booking` how long the hold lasts. `payment_not_collected`: `booking` has ended',
  })
  checkout(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Body({ schema: schemas.checkoutInput }) body: schemas.CheckoutInput,
    @Idempotent({ secrets: ['card', 'token'] }) call: IdempotentCall | undefined,
  ) {
    return this.checkouts.checkout(user, id, body, call);
  }
}
