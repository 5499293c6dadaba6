import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Patch,
  Post,
  Query,
  UseInterceptors,
} from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Limited } from '../auth/limits/limits.decorators.js';
import { CurrentUser, Needs, Public } from '../platform/access/access.decorators.js';
import type { Principal } from '../platform/access/principal.js';
import { Cached } from '../platform/cache/cache.decorators.js';
import type { IdempotentCall } from '../platform/common/idempotent-call.js';
import { IF_MATCH, requiredVersion } from '../platform/http/etag.js';
import { IdParam } from '../platform/http/id-param.decorators.js';
import { Idempotent } from '../platform/http/idempotent.decorators.js';
import { VersionTagInterceptor } from '../platform/http/version-tag.interceptor.js';
import * as schemas from './venues.schemas.js';
import { VenuesService } from './venues.service.js';

@ApiTags('venues')
@Controller('venues')
export class VenuesController {
  constructor(private readonly venues: VenuesService) {}

  @Public()
  @Get()
  @Limited('search')
  @Cached({ ttl: 60, tags: ['venue'] })
  @ApiOperation({ summary: 'List venues by name' })
  @ApiOkResponse({ standardSchema: schemas.venuePage })
  list(@Query({ schema: schemas.venueQuery }) query: schemas.VenueQuery) {
    return this.venues.list(query);
  }

  @Public()
  @Get(':id')
  @Cached({ ttl: 60, tags: ['venue:{id}'], etag: 'version' })
  @ApiOperation({ summary: 'Read a venue' })
  @ApiOkResponse({ standardSchema: schemas.venue })
  find(@IdParam() id: string) {
    return this.venues.find(id);
  }

  @Needs('events')
  @Post()
  @UseInterceptors(VersionTagInterceptor)
  @ApiOperation({ summary: 'Create a venue' })
  @ApiCreatedResponse({ standardSchema: schemas.venue })
  create(
    @CurrentUser() user: Principal,
    @Body({ schema: schemas.newVenue }) body: schemas.NewVenue,
    @Idempotent() call: IdempotentCall | undefined,
  ) {
    return this.venues.create(user, body, call);
  }

  @Needs('events')
  @Patch(':id')
  @UseInterceptors(VersionTagInterceptor)
  @ApiOperation({ summary: 'Change a venue of yours' })
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ standardSchema: schemas.venue })
  update(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Headers('if-match') tag: string | undefined,
    @Body({ schema: schemas.venueChanges }) body: schemas.VenueChanges,
  ) {
    return this.venues.update(user, id, requiredVersion(tag), body);
  }

  @Needs('events')
  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a venue of yours that has no events, with its plans' })
  @ApiNoContentResponse({ description: 'Deleted' })
  delete(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.venues.delete(user, id);
  }
}
