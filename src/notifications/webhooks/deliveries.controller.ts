import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Needs } from '../../platform/access/access.decorators.js';
import type { Principal } from '../../platform/access/principal.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import { DeliveriesService } from './deliveries.service.js';
import * as schemas from './webhooks.schemas.js';

@ApiTags('webhooks')
@Needs('settings')
@Controller('webhooks/:id')
export class DeliveriesController {
  constructor(private readonly deliveries: DeliveriesService) {}

  @Get('deliveries')
  @ApiOperation({ summary: 'Messages sent or waiting, newest first; kept for 30 days' })
  @ApiOkResponse({ standardSchema: schemas.deliveryPage })
  list(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Query({ schema: schemas.deliveryQuery }) query: schemas.DeliveryQuery,
  ) {
    return this.deliveries.list(user, id, query);
  }

  @Get('deliveries/:delivery')
  @ApiOperation({ summary: 'One delivery with its attempts' })
  @ApiOkResponse({ standardSchema: schemas.deliveryBody })
  read(@CurrentUser() user: Principal, @IdParam() id: string, @IdParam('delivery') delivery: string) {
    return this.deliveries.read(user, id, delivery);
  }

  @Post('deliveries/:delivery/replay')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send one again, under the same `webhook-id`' })
  @ApiAcceptedResponse({ standardSchema: schemas.deliveryBody })
  replay(@CurrentUser() user: Principal, @IdParam() id: string, @IdParam('delivery') delivery: string) {
    return this.deliveries.replay(user, id, delivery);
  }

  @Post('replay')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send everything again since a point in time' })
  @ApiAcceptedResponse({ standardSchema: schemas.replayBody })
  replaySince(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Body({ schema: schemas.replayInput }) body: schemas.ReplayInput,
  ) {
    return this.deliveries.replaySince(user, id, body);
  }

  @Post('ping')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send a test message (`webhook.ping`)' })
  @ApiAcceptedResponse({ standardSchema: schemas.deliveryBody })
  ping(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.deliveries.ping(user, id);
  }
}
