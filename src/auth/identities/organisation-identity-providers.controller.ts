import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Patch,
  Post,
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
import { CurrentUser, Needs, StepUp } from '../../platform/access/access.decorators.js';
import type { Principal } from '../../platform/access/principal.js';
import { IF_MATCH, requiredVersion } from '../../platform/http/etag.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import { VersionTagInterceptor } from '../../platform/http/version-tag.interceptor.js';
import * as schemas from './identities.schemas.js';
import { IdentityProvidersService } from './identity-providers.service.js';

@ApiTags('organisations')
@Needs('members')
@Controller('organisations/:id/identity-providers')
export class OrganisationIdentityProvidersController {
  constructor(private readonly providers: IdentityProvidersService) {}

  @Get()
  @ApiOperation({ summary: 'Other providers of the organisation, with which people log in' })
  @ApiOkResponse({ standardSchema: schemas.providerList })
  list(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.providers.list(user, id);
  }

  @StepUp()
  @Post()
  @UseInterceptors(VersionTagInterceptor)
  @ApiOperation({
    summary: 'Let people log in with another provider (OpenID Connect)',
    description:
      'The answer holds the `redirectUri` that has to be allowed there. Whom this provider names is believed here to be the owner of an address only after a mail.',
  })
  @ApiCreatedResponse({ standardSchema: schemas.provider })
  @ApiConflictResponse({ description: '`identity_provider_exists`, `too_many_identity_providers`' })
  create(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Body({ schema: schemas.newProvider }) body: schemas.NewProvider,
  ) {
    return this.providers.create(user, id, body);
  }

  @StepUp()
  @Patch(':provider')
  @UseInterceptors(VersionTagInterceptor)
  @ApiOperation({ summary: 'Change a provider of the organisation, or switch it off and on' })
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ standardSchema: schemas.provider })
  update(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @IdParam('provider') provider: string,
    @Headers('if-match') tag: string | undefined,
    @Body({ schema: schemas.providerChanges }) body: schemas.ProviderChanges,
  ) {
    return this.providers.update(user, id, provider, requiredVersion(tag), body);
  }

  @StepUp()
  @Delete(':provider')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Remove a provider of the organisation',
    description: 'Links of people to it are gone; they log in by a password, which they can set by a mail.',
  })
  @ApiNoContentResponse({ description: 'Removed' })
  remove(@CurrentUser() user: Principal, @IdParam() id: string, @IdParam('provider') provider: string) {
    return this.providers.remove(user, id, provider);
  }

  @Post(':provider/try')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ask a provider what it says about itself (discovery)' })
  @ApiOkResponse({ standardSchema: schemas.providerLook })
  look(@CurrentUser() user: Principal, @IdParam() id: string, @IdParam('provider') provider: string) {
    return this.providers.look(user, id, provider);
  }
}
