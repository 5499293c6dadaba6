import { Body, Controller, Delete, Get, Headers, Put, UseInterceptors } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBearerAuth, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { CurrentUser, Roles } from '../platform/access/access.decorators.js';
import type { Principal } from '../platform/access/principal.js';
import { IF_MATCH, requiredVersion } from '../platform/http/etag.js';
import { VersionTagInterceptor } from '../platform/http/version-tag.interceptor.js';
import * as schemas from './house.schemas.js';
import { HouseService } from './house.service.js';

@ApiTags('admin')
@ApiBearerAuth()
@Roles('admin')
@Controller('admin/house')
@UseInterceptors(VersionTagInterceptor)
export class AdminHouseController {
  constructor(private readonly houses: HouseService) {}

  @Get()
  @ApiOperation({ summary: 'Read all settings of the house' })
  @ApiOkResponse({ standardSchema: schemas.wholeHouse })
  read() {
    return this.houses.whole();
  }

  @Put()
  @RouteConfig({ bodyLimit: schemas.BODY_LIMIT })
  @ApiOperation({ summary: 'Replace the settings of the house, but for its logo' })
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ standardSchema: schemas.wholeHouse })
  async replace(
    @CurrentUser() user: Principal,
    @Headers('if-match') tag: string | undefined,
    @Body({ schema: schemas.houseSettings }) body: schemas.HouseSettings,
  ) {
    await this.houses.replace(user, requiredVersion(tag), body);
    return this.houses.whole();
  }

  @Put('logo')
  @RouteConfig({ bodyLimit: schemas.BODY_LIMIT })
  @ApiOperation({ summary: 'Set the logo' })
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ standardSchema: schemas.wholeHouse })
  async setLogo(
    @CurrentUser() user: Principal,
    @Headers('if-match') tag: string | undefined,
    @Body({ schema: schemas.newLogo }) body: z.infer<typeof schemas.newLogo>,
  ) {
    await this.houses.setLogo(user, requiredVersion(tag), body.data);
    return this.houses.whole();
  }

  @Delete('logo')
  @ApiOperation({ summary: 'Remove the logo' })
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ standardSchema: schemas.wholeHouse })
  async removeLogo(@CurrentUser() user: Principal, @Headers('if-match') tag: string | undefined) {
    await this.houses.removeLogo(user, requiredVersion(tag));
    return this.houses.whole();
  }
}
