import { Body, Controller, HttpCode, Param, Post, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Roles } from '../auth/auth.decorators.js';
import type { Principal } from '../auth/principal.js';
import { idParams } from '../common/schemas.js';
import { VersionTagInterceptor } from '../common/version-tag.interceptor.js';
import { eventBody, toEventBody } from '../events/events.schemas.js';
import { BlockingService } from './blocking.service.js';
import * as schemas from './publishing.schemas.js';
import { PublishingService } from './publishing.service.js';

@ApiTags('events')
@Roles('organizer')
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
  @ApiOkResponse({ standardSchema: eventBody })
  async publish(@CurrentUser() user: Principal, @Param({ schema: idParams }) { id }: { id: string }) {
    return toEventBody(await this.publishing.publish(user, id));
  }

  @Post('seats/block')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take free seats out of the sale, all of them or none' })
  @ApiOkResponse({ standardSchema: schemas.changedSeats })
  block(
    @CurrentUser() user: Principal,
    @Param({ schema: idParams }) { id }: { id: string },
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
    @Param({ schema: idParams }) { id }: { id: string },
    @Body({ schema: schemas.seatList }) body: schemas.SeatList,
  ) {
    return this.blocking.unblock(user, id, body.seats);
  }
}
