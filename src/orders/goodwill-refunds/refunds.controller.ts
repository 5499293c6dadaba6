import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Needs, StepUp } from '../../platform/access/access.decorators.js';
import type { Principal } from '../../platform/access/principal.js';
import type { IdempotentCall } from '../../platform/common/idempotent-call.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import { Idempotent } from '../../platform/http/idempotent.decorators.js';
import * as schemas from './refunds.schemas.js';
import { RefundsService } from './refunds.service.js';

@ApiTags('payments')
@Controller('payments/:id')
export class RefundsController {
  constructor(private readonly refunds: RefundsService) {}

  @Needs('refunds')
  @StepUp()
  @Post('refund')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Give back a part of a payment for your event; its tickets stay good',
    description: 'A later cancellation pays back what is left then.',
  })
  @ApiOkResponse({ standardSchema: schemas.refundBody, description: 'Given back' })
  @ApiAcceptedResponse({ standardSchema: schemas.refundBody, description: 'Under way, or refused' })
  refund(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Body({ schema: schemas.refundInput }) { amount }: schemas.RefundInput,
    @Idempotent() call: IdempotentCall | undefined,
  ) {
    return this.refunds.grant(user, id, amount, call);
  }
}
