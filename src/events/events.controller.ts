import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Patch,
  Post,
  Put,
  UseInterceptors,
} from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { BuyersToo, CurrentUser, Needs, Public } from '../platform/access/access.decorators.js';
import type { Principal } from '../platform/access/principal.js';
import { Cached } from '../platform/cache/cache.decorators.js';
import type { IdempotentCall } from '../platform/common/idempotent-call.js';
import { IF_MATCH, requiredVersion } from '../platform/http/etag.js';
import { IdParam } from '../platform/http/id-param.decorators.js';
import { Idempotent } from '../platform/http/idempotent.decorators.js';
import { VersionTagInterceptor } from '../platform/http/version-tag.interceptor.js';
import * as schemas from './events.schemas.js';
import { EventsService } from './events.service.js';
import { SalePauseService } from './sale-pause.service.js';

const CACHED = { ttl: 60, tags: ['event:{id}'], etag: 'version' as const };

@ApiTags('events')
@Controller('events')
export class EventsController {
  constructor(
    private readonly events: EventsService,
    private readonly pauses: SalePauseService,
  ) {}

  @BuyersToo('event')
  @Public()
  @Get(':id')
  @Cached(CACHED)
  @ApiOperation({ summary: 'Read an event; drafts are for their organizer only' })
  @ApiOkResponse({ standardSchema: schemas.eventBody })
  async find(@CurrentUser() user: Principal | undefined, @IdParam() id: string) {
    return schemas.toEventBody(await this.events.findVisible(user, id));
  }

  @Needs('events')
  @Post()
  @UseInterceptors(VersionTagInterceptor)
  @ApiOperation({ summary: 'Create an event as a draft' })
  @ApiCreatedResponse({ standardSchema: schemas.eventBody })
  async create(
    @CurrentUser() user: Principal,
    @Body({ schema: schemas.newEvent }) body: schemas.NewEvent,
    @Idempotent() call: IdempotentCall | undefined,
  ) {
    return (await this.events.create(user, body, call)).map(schemas.toEventBody);
  }

  @Needs('events')
  @Patch(':id')
  @UseInterceptors(VersionTagInterceptor)
  @ApiOperation({ summary: 'Change an event of yours' })
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ standardSchema: schemas.eventBody })
  async edit(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Headers('if-match') tag: string | undefined,
    @Body({ schema: schemas.eventEdit }) body: schemas.EventEdit,
  ) {
    return schemas.toEventBody(await this.events.edit(user, id, requiredVersion(tag), body));
  }

  @Needs('events')
  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a draft of yours' })
  @ApiNoContentResponse({ description: 'Deleted' })
  delete(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.events.delete(user, id);
  }

  @Needs('events')
  @Post(':id/pause')
  @HttpCode(200)
  @UseInterceptors(VersionTagInterceptor)
  @ApiOperation({ summary: 'Pause the sale of an event of yours; what is held already can still be paid' })
  @ApiOkResponse({ standardSchema: schemas.eventBody })
  @ApiConflictResponse({ description: 'A draft, or over or cancelled' })
  async pause(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Body({ schema: schemas.salePause }) { reason }: schemas.SalePause,
  ) {
    return schemas.toEventBody(await this.pauses.pause(user, id, reason ?? null));
  }

  @Needs('events')
  @Post(':id/resume')
  @HttpCode(200)
  @UseInterceptors(VersionTagInterceptor)
  @ApiOperation({ summary: 'Let a paused sale of yours go on' })
  @ApiOkResponse({ standardSchema: schemas.eventBody })
  @ApiConflictResponse({ description: 'A draft, or over or cancelled' })
  async resume(@CurrentUser() user: Principal, @IdParam() id: string) {
    return schemas.toEventBody(await this.pauses.resume(user, id));
  }

  @BuyersToo('event')
  @Public()
  @Get(':id/price-tiers')
  @Cached(CACHED)
  @ApiOperation({ summary: 'Read the price tiers of an event' })
  @ApiOkResponse({ standardSchema: schemas.priceTiersBody })
  async priceTiers(@CurrentUser() user: Principal | undefined, @IdParam() id: string) {
    return schemas.toTiersBody(await this.events.findVisible(user, id));
  }

  @Needs('prices')
  @Put(':id/price-tiers')
  @UseInterceptors(VersionTagInterceptor)
  @ApiOperation({ summary: 'Replace all price tiers of an event of yours' })
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ standardSchema: schemas.priceTiersBody })
  async setPriceTiers(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Headers('if-match') tag: string | undefined,
    @Body({ schema: schemas.priceTiersInput }) body: schemas.PriceTiersInput,
  ) {
    return schemas.toTiersBody(
      await this.events.setPriceTiers(user, id, requiredVersion(tag), body.priceTiers),
    );
  }
}
