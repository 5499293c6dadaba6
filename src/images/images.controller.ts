import { Controller, Get, Param, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../platform/access/access.decorators.js';
import { matches } from '../platform/http/etag.js';
import * as schemas from './images.schemas.js';
import { ImagesService } from './images.service.js';

@ApiTags('events')
@Public()
@Controller('images')
export class ImagesController {
  constructor(private readonly images: ImagesService) {}

  @Get(':hash')
  @ApiOperation({ summary: 'Read a picture that was uploaded; it never changes' })
  @ApiProduces('image/webp', 'image/jpeg')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async read(
    @Param('hash', { schema: schemas.imageHash }) hash: string,
    @Query({ schema: schemas.imageQuery }) query: schemas.ImageQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { type, width, bytes } = await this.images.read(hash, query);
    const tag = `"${hash}-${width}-${type}"`;
    reply.header('ETag', tag).header('Cache-Control', 'public, max-age=31536000, immutable');
    if (matches(request.headers['if-none-match'], tag)) {
      reply.status(304);
      return undefined;
    }
    return new StreamableFile(bytes, { type: `image/${type}`, length: bytes.length });
  }
}
