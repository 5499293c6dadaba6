import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Public } from '../platform/access/access.decorators.js';
import { Cached } from '../platform/cache/cache.decorators.js';
import { pictureFile } from '../platform/http/files.js';
import * as schemas from './house.schemas.js';
import { HouseService } from './house.service.js';

@ApiTags('house')
@Public()
@Controller('house')
export class HouseController {
  constructor(private readonly houses: HouseService) {}

  @Get()
  @Cached({ ttl: 60, tags: ['house'], etag: 'version' })
  @ApiOperation({ summary: 'Read who sells here: name, look, links' })
  @ApiOkResponse({ standardSchema: schemas.house })
  read() {
    return this.houses.current();
  }

  @Get('texts')
  @Cached({ ttl: 60, tags: ['house'] })
  @ApiOperation({ summary: 'Read imprint, privacy notice and terms' })
  @ApiOkResponse({ standardSchema: schemas.legalTexts })
  texts() {
    return this.houses.texts();
  }

  @Get('logo')
  @ApiOperation({ summary: 'Read the logo' })
  @ApiProduces('image/png', 'image/jpeg', 'image/webp')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  @ApiNotFoundResponse({ description: 'The house has none' })
  async logo(
    @Query({ schema: schemas.logoQuery }) { v }: z.infer<typeof schemas.logoQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return pictureFile(reply, await this.houses.logo(v));
  }
}
