import { Body, Controller, Delete, Get, Headers, Put, Query, Res, UseInterceptors } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import * as houses from '../house/house.schemas.js';
import { CurrentUser, Needs, Public } from '../platform/access/access.decorators.js';
import type { Principal } from '../platform/access/principal.js';
import { Cached } from '../platform/cache/cache.decorators.js';
import { IF_MATCH, requiredVersion } from '../platform/http/etag.js';
import { pictureFile } from '../platform/http/files.js';
import { IdParam } from '../platform/http/id-param.decorators.js';
import { VersionTagInterceptor } from '../platform/http/version-tag.interceptor.js';
import { OrganisationHousesService } from './organisation-houses.service.js';
import * as schemas from './organisations.schemas.js';

const CACHED = { ttl: 60, tags: ['house', 'organisation:{id}'] };

@ApiTags('house')
@Controller('organisations/:id/house')
export class OrganisationHouseController {
  constructor(private readonly houses: OrganisationHousesService) {}

  @Public()
  @Get()
  @Cached(CACHED)
  @ApiOperation({
    summary: 'Read an organisation as buyers see it: name, look, links',
    description:
      'What it has not itself is that of the house. There is none before it has settings of its own or has published an event.',
  })
  @ApiOkResponse({ standardSchema: schemas.organisationHouse })
  shown(@IdParam() id: string) {
    return this.houses.shown(id);
  }

  @Public()
  @Get('texts')
  @Cached(CACHED)
  @ApiOperation({
    summary: 'Read imprint, privacy notice and terms of an organisation, or those of the house',
  })
  @ApiOkResponse({ standardSchema: houses.legalTexts })
  texts(@IdParam() id: string) {
    return this.houses.texts(id);
  }

  @Public()
  @Get('logo')
  @ApiOperation({ summary: 'Read the logo of an organisation' })
  @ApiProduces('image/png', 'image/jpeg', 'image/webp')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  @ApiNotFoundResponse({ description: 'It has none of its own' })
  async logo(
    @IdParam() id: string,
    @Query({ schema: houses.logoQuery }) { v }: z.infer<typeof houses.logoQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return pictureFile(reply, await this.houses.logo(id, v));
  }

  @Needs('settings')
  @Get('settings')
  @UseInterceptors(VersionTagInterceptor)
  @ApiOperation({ summary: 'Read what an organisation of yours has of its own' })
  @ApiOkResponse({ standardSchema: houses.wholeOwnHouse })
  settings(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.houses.settings(user, id);
  }

  @Needs('settings')
  @Put('settings')
  @UseInterceptors(VersionTagInterceptor)
  @RouteConfig({ bodyLimit: houses.BODY_LIMIT, needs: 'settings' })
  @ApiOperation({
    summary: 'Replace what an organisation of yours has of its own, but for its logo',
    description: 'What is left out is that of the house. Before the first change the version is 0.',
  })
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ standardSchema: houses.wholeOwnHouse })
  replace(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Headers('if-match') tag: string | undefined,
    @Body({ schema: houses.ownSettings }) body: houses.OwnSettings,
  ) {
    return this.houses.replace(user, id, requiredVersion(tag), body);
  }

  @Needs('settings')
  @Put('settings/logo')
  @UseInterceptors(VersionTagInterceptor)
  @RouteConfig({ bodyLimit: houses.BODY_LIMIT, needs: 'settings' })
  @ApiOperation({ summary: 'Set the logo of an organisation of yours' })
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ standardSchema: houses.wholeOwnHouse })
  setLogo(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Headers('if-match') tag: string | undefined,
    @Body({ schema: houses.newLogo }) body: z.infer<typeof houses.newLogo>,
  ) {
    return this.houses.setLogo(user, id, requiredVersion(tag), body.data);
  }

  @Needs('settings')
  @Delete('settings/logo')
  @UseInterceptors(VersionTagInterceptor)
  @ApiOperation({
    summary: 'Remove the logo of an organisation of yours; that of the house is shown if the name is, too',
  })
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ standardSchema: houses.wholeOwnHouse })
  removeLogo(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Headers('if-match') tag: string | undefined,
  ) {
    return this.houses.removeLogo(user, id, requiredVersion(tag));
  }
}
