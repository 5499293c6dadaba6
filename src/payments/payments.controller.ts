import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Public } from '../auth/auth.decorators.js';
import type { Principal } from '../auth/principal.js';
import * as schemas from './payments.schemas.js';
import { PaymentsService } from './payments.service.js';
import { SandboxService } from './sandbox.service.js';

@ApiTags('payments')
@Controller('payments')
export class PaymentsController {
  constructor(
    private readonly payments: PaymentsService,
    private readonly sandbox: SandboxService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List your payments with their refunds, newest first' })
  @ApiOkResponse({ standardSchema: schemas.paymentPage })
  list(@CurrentUser() user: Principal, @Query({ schema: schemas.paymentQuery }) query: schemas.PaymentQuery) {
    return this.payments.list(user, query);
  }

  @Public()
  @Get('method')
  @ApiOperation({ summary: 'Read how a checkout is paid here' })
  @ApiOkResponse({ standardSchema: schemas.paymentMethod })
  method() {
    return this.payments.method;
  }

  @Public()
  @Post('sandbox/:ref/confirm')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Approve or refuse a sandbox payment that needs a second step; not in production',
    description: 'Its address comes as `nextAction.url`. Read the booking afterwards.',
  })
  @ApiNoContentResponse({ description: 'Told to the provider' })
  confirm(
    @Param({ schema: schemas.sandboxParams }) { ref }: { ref: string },
    @Body({ schema: schemas.sandboxAnswer }) { approve }: schemas.SandboxAnswer,
  ) {
    return this.sandbox.answer(ref, approve);
  }
}
