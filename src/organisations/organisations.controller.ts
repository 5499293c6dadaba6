import { Body, Controller, Get, Headers, HttpCode, Patch, Post, UseInterceptors } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentUser, Needs, Recorded, StepUp } from '../platform/access/access.decorators.js';
import type { Principal } from '../platform/access/principal.js';
import { IF_MATCH, requiredVersion } from '../platform/http/etag.js';
import { IdParam } from '../platform/http/id-param.decorators.js';
import { VersionTagInterceptor } from '../platform/http/version-tag.interceptor.js';
import { MembersService } from './members.service.js';
import * as schemas from './organisations.schemas.js';
import { OrganisationsService } from './organisations.service.js';

@ApiTags('organisations')
@Controller('organisations')
export class OrganisationsController {
  constructor(
    private readonly organisations: OrganisationsService,
    private readonly members: MembersService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Organisations that you belong to, and what you may do there' })
  @ApiOkResponse({ standardSchema: schemas.ownOrganisations })
  mine(@CurrentUser() user: Principal) {
    return this.organisations.mine(user);
  }

  @Post()
  @UseInterceptors(VersionTagInterceptor)
  @ApiOperation({ summary: 'Found one more organisation, of which you are the owner' })
  @ApiCreatedResponse({ standardSchema: schemas.organisation })
  create(
    @CurrentUser() user: Principal,
    @Body({ schema: schemas.newOrganisation }) body: schemas.NewOrganisation,
  ) {
    return this.organisations.create(user, body);
  }

  @Get(':id')
  @UseInterceptors(VersionTagInterceptor)
  @ApiOperation({ summary: 'Read an organisation of yours' })
  @ApiOkResponse({ standardSchema: schemas.organisation })
  find(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.organisations.find(user, id);
  }

  @Needs('settings')
  @Patch(':id')
  @UseInterceptors(VersionTagInterceptor)
  @ApiOperation({ summary: 'Change name, address or website of an organisation of yours' })
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ standardSchema: schemas.organisation })
  edit(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Headers('if-match') tag: string | undefined,
    @Body({ schema: schemas.organisationEdit }) body: schemas.OrganisationEdit,
  ) {
    return this.organisations.edit(user, id, requiredVersion(tag), body);
  }

  @Recorded()
  @Post(':id/leave')
  @HttpCode(204)
  @ApiOperation({ summary: 'Leave an organisation; its last owner cannot' })
  @ApiNoContentResponse({ description: 'Left' })
  leave(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.members.leave(user, id);
  }

  @StepUp()
  @Recorded()
  @Post(':id/ownership/accept')
  @HttpCode(204)
  @ApiOperation({ summary: 'Become an owner, as another owner has offered' })
  @ApiNoContentResponse({ description: 'You are an owner' })
  acceptOwnership(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.members.acceptOwnership(user, id);
  }
}
