import { Body, Controller, HttpCode, Post, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { toEventBody } from '../../events/events.schemas.js';
import { CurrentUser, Needs } from '../../platform/access/access.decorators.js';
import type { Principal } from '../../platform/access/principal.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import { VersionTagInterceptor } from '../../platform/http/version-tag.interceptor.js';
import { BlockingService } from './blocking.service.js';
import * as schemas from './publishing.schemas.js';
import { PublishingService } from './publishing.service.js';

@ApiTags('events')
@Needs('events')
@Controller('events/:id')
export class PublishingController {
  constructor(
    private readonly publishing: PublishingService,
    private readonly blocking: BlockingService,
  ) {}

  @Post('publish')
  @HttpCode(200)
  @UseInterceptors(VersionTagInterceptor)
  @ApiOperation({ summary: 'Put a draft of yours on sale; its plan is fixed from then on' })
  @ApiOkResponse({ standardSchema: schemas.publishedEvent })
  async publish(@CurrentUser() user: Principal, @IdParam() id: string) {
    const { event, warnings } = await this.publishing.publish(user, id);
    return { ...toEventBody(event), warnings };
  }

  @Post('seats/block')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take free seats out of the sale, all of them or none' })
  @ApiOkResponse({ standardSchema: schemas.changedSeats })
  block(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Body({ schema: schemas.seatList }) body: schemas.SeatList,
  ) {
    return this.blocking.block(user, id, body.seats);
  }

  @Post('seats/unblock')
  @HttpCode(200)
  @ApiOperation({ summary: 'Bring blocked seats back into the sale' })
  @ApiOkResponse({ standardSchema: schemas.changedSeats })
  unblock(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Body({ schema: schemas.seatList }) body: schemas.SeatList,
  ) {
    return this.blocking.unblock(user, id, body.seats);
  }
}
