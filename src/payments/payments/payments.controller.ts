import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { BuyersToo, CurrentUser, Public } from '../../platform/access/access.decorators.js';
import type { Principal } from '../../platform/access/principal.js';
import * as schemas from './payments.schemas.js';
import { PaymentsService } from './payments.service.js';

@ApiTags('payments')
@Controller('payments')
export class PaymentsController {
  constructor(private readonly payments: PaymentsService) {}

  @Get()
  @ApiOperation({ summary: 'List your payments with their refunds, newest first' })
  @ApiOkResponse({ standardSchema: schemas.paymentPage })
  list(@CurrentUser() user: Principal, @Query({ schema: schemas.paymentQuery }) query: schemas.PaymentQuery) {
    return this.payments.list(user, query);
  }

  @BuyersToo('own')
  @Public()
  @Get('method')
  @ApiOperation({ summary: 'Read how a checkout is paid here' })
  @ApiOkResponse({ standardSchema: schemas.paymentMethod })
  method(@Query({ schema: schemas.paymentMethodQuery }) { sandbox }: schemas.PaymentMethodQuery) {
    return this.payments.method(sandbox);
  }
}
