import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiPaymentRequiredResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentUser } from '../auth/auth.decorators.js';
import type { Principal } from '../auth/principal.js';
import { Idempotent, IdempotentCall } from '../common/idempotent-call.js';
import { idParams } from '../common/schemas.js';
import { Limited } from '../limits/limits.decorators.js';
import { CARD_LIST } from '../providers/sandbox.schemas.js';
import * as schemas from './checkout.schemas.js';
import { CheckoutService } from './checkout.service.js';

@ApiTags('bookings')
@Controller('bookings/:id')
export class CheckoutController {
  constructor(private readonly checkouts: CheckoutService) {}

  @Post('checkout')
  @Limited('checkout')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Pay a hold of yours',
    description: `With 202 the payment is under way: do what \`nextAction\` says, if it is there, and read the booking until its status changes. A declined payment (402) leaves the hold for another try, three in all. Beginning anew gives up a second step that waits for the buyer.\n\nCards of the sandbox:\n${CARD_LIST}`,
  })
  @ApiOkResponse({ standardSchema: schemas.checkoutBody, description: 'Confirmed' })
  @ApiAcceptedResponse({ standardSchema: schemas.checkoutBody, description: 'The payment is under way' })
  @ApiPaymentRequiredResponse({
    description: 'Declined: `reason` says why, `booking` how long the hold lasts',
  })
  async checkout(
    @CurrentUser() user: Principal,
    @Param({ schema: idParams }) { id }: { id: string },
    @Body({ schema: schemas.checkoutInput }) body: schemas.CheckoutInput,
    @Idempotent({ secrets: ['card', 'token'] }) call: IdempotentCall,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const answer = await this.checkouts.checkout(user, id, body, call);
    reply.status(answer.status);
    return answer.body;
  }
}
