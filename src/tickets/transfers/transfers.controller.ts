import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentUser } from '../../platform/access/access.decorators.js';
import type { Principal } from '../../platform/access/principal.js';
import type { IdempotentCall } from '../../platform/common/idempotent-call.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import { Idempotent } from '../../platform/http/idempotent.decorators.js';
import * as schemas from './transfers.schemas.js';
import { TransfersService } from './transfers.service.js';

@ApiTags('tickets')
@Controller()
export class TransfersController {
  constructor(private readonly transfers: TransfersService) {}

  @Post('tickets/:id/transfer')
  @ApiOperation({
    summary: 'Offer a ticket of yours to somebody by email',
    description:
      'They accept it with an account whose address is confirmed. Until then the ticket is yours and good; after it only their new code is.',
  })
  @ApiCreatedResponse({ standardSchema: schemas.transfer })
  offer(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Body({ schema: schemas.offerInput }) body: schemas.OfferInput,
    @Idempotent() call: IdempotentCall | undefined,
  ) {
    return this.transfers.offer(user, id, body, call);
  }

  @Get('ticket-transfers')
  @ApiOperation({ summary: 'Tickets offered to you, and those you offer' })
  @ApiOkResponse({ standardSchema: schemas.transferList })
  list(@CurrentUser() user: Principal) {
    return this.transfers.list(user);
  }

  @Post('ticket-transfers/:id/accept')
  @HttpCode(200)
  @ApiOperation({ summary: 'Accept a ticket that is offered to you' })
  @ApiOkResponse({ standardSchema: schemas.transfer })
  @ApiForbiddenResponse({ description: '`email_not_verified`' })
  accept(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Idempotent() call: IdempotentCall | undefined,
  ) {
    return this.transfers.accept(user, id, call);
  }

  @Post('ticket-transfers/:id/decline')
  @HttpCode(204)
  @ApiOperation({ summary: 'Decline a ticket that is offered to you' })
  @ApiNoContentResponse({ description: 'Declined' })
  decline(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.transfers.decline(user, id);
  }

  @Delete('ticket-transfers/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Withdraw an offer of yours that was not accepted yet' })
  @ApiNoContentResponse({ description: 'Withdrawn' })
  withdraw(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.transfers.withdraw(user, id);
  }
}
