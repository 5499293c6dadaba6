import { Body, Controller, Delete, Header, HttpCode, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Limited } from '../auth/limits/limits.decorators.js';
import { CurrentUser, KeysOnly, Needs } from '../platform/access/access.decorators.js';
import type { Principal } from '../platform/access/principal.js';
import { IdParam } from '../platform/http/id-param.decorators.js';
import { BuyerSessionsService } from './buyer-sessions.service.js';
import * as schemas from './customers.schemas.js';

@ApiTags('customers')
@KeysOnly()
@Needs('sell')
@Controller()
export class BuyerSessionsController {
  constructor(private readonly sessions: BuyerSessionsService) {}

  @Post('events/:id/buyer-sessions')
  @Limited('sessions')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Make a session with which a customer of yours buys in the browser, without an account here',
    description:
      'The token opens this event, and the bookings that the customer makes for it, to pages of the origin; it ends with the key. The same reference is the same buyer, to whom the limits of the event apply.',
  })
  @ApiCreatedResponse({ standardSchema: schemas.buyerSession })
  open(
    @CurrentUser() key: Principal,
    @IdParam() id: string,
    @Body({ schema: schemas.newBuyerSession }) body: schemas.NewBuyerSession,
  ) {
    return this.sessions.open(key, id, body);
  }

  @Delete('buyer-sessions/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'End a buyer session before its time' })
  @ApiNoContentResponse({
    description: 'It opens nothing here at once, and on other replicas within a second; its holds live on',
  })
  end(@CurrentUser() key: Principal, @IdParam() id: string) {
    return this.sessions.end(key, id);
  }
}
