import { Controller, Delete, Headers, Put, Req, UseInterceptors } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CurrentUser, Needs } from '../platform/access/access.decorators.js';
import type { Principal } from '../platform/access/principal.js';
import { IF_MATCH, requiredVersion } from '../platform/http/etag.js';
import { IdParam } from '../platform/http/id-param.decorators.js';
import { requiredImage, TakesImage } from '../platform/http/image-body.js';
import { VersionTagInterceptor } from '../platform/http/version-tag.interceptor.js';
import { EventImagesService } from './event-images.service.js';
import * as schemas from './events.schemas.js';

/** As a phone or camera writes it. */
const MOST_BYTES = 12 * 1024 * 1024;

@ApiTags('events')
@Needs('events')
@Controller('events/:id/image')
@UseInterceptors(VersionTagInterceptor)
export class EventImagesController {
  constructor(private readonly images: EventImagesService) {}

  @Put()
  @TakesImage(MOST_BYTES)
  @ApiOperation({ summary: 'Upload the picture of an event of yours' })
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ standardSchema: schemas.eventBody })
  async set(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Headers('if-match') tag: string | undefined,
    @Req() request: FastifyRequest,
  ) {
    return schemas.toEventBody(await this.images.set(user, id, requiredVersion(tag), requiredImage(request)));
  }

  @Delete()
  @ApiOperation({ summary: 'Remove the uploaded picture of an event of yours' })
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ standardSchema: schemas.eventBody })
  async remove(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Headers('if-match') tag: string | undefined,
  ) {
    return schemas.toEventBody(await this.images.remove(user, id, requiredVersion(tag)));
  }
}
