import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentUser, Roles } from '../auth/auth.decorators.js';
import type { Principal } from '../auth/principal.js';
import { Idempotent, IdempotentCall } from '../common/idempotent-call.js';
import { idParams } from '../common/schemas.js';
import * as schemas from './refunds.schemas.js';
import { RefundsService } from './refunds.service.js';

@ApiTags('payments')
@Controller('payments/:id')
export class RefundsController {
  constructor(private readonly refunds: RefundsService) {}

  @Roles('organizer', 'admin')
  @Post('refund')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Give back a part of a payment for your event; its tickets stay good',
    description: 'A later cancellation pays back what is left then.',
  })
  @ApiOkResponse({ standardSchema: schemas.refundBody, description: 'Given back' })
  @ApiAcceptedResponse({ standardSchema: schemas.refundBody, description: 'Under way, or refused' })
  async refund(
    @CurrentUser() user: Principal,
    @Param({ schema: idParams }) { id }: { id: string },
    @Body({ schema: schemas.refundInput }) { amount }: schemas.RefundInput,
    @Idempotent() call: IdempotentCall,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const answer = await this.refunds.giveBack(user, id, amount, call);
    reply.status(answer.status);
    return answer.body;
  }
}
