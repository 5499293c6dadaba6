import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  Headers,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Redirect,
  Res,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiConflictResponse,
  ApiExcludeEndpoint,
  ApiForbiddenResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { CurrentUser, OwnCredentials, Public, StepUp } from '../../platform/access/access.decorators.js';
import { type Caller, CurrentCaller } from '../../platform/access/caller.js';
import type { Principal } from '../../platform/access/principal.js';
import { uuid } from '../../platform/common/schemas.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { localeOf } from '../../platform/http/accept.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import { loggedIn } from '../accounts/accounts.schemas.js';
import { Limited } from '../limits/limits.decorators.js';
import * as schemas from './identities.schemas.js';
import { IdentitiesService } from './identities.service.js';
import { bindingCookie, boundOf } from './identity.rules.js';
import { IdentityLoginService } from './identity-login.service.js';
import { IdentityProvidersService } from './identity-providers.service.js';

type Begin = z.infer<typeof schemas.begin>;

/** Logins at other providers (OpenID Connect), for people. */
@ApiTags('auth')
@Controller('auth')
export class IdentitiesController {
  constructor(
    private readonly providers: IdentityProvidersService,
    private readonly logins: IdentityLoginService,
    private readonly identities: IdentitiesService,
    @Inject(CONFIG) private readonly config: Pick<Config, 'http'>,
  ) {}

  @ApiOperation({ summary: 'Other providers with which one can log in here' })
  @ApiOkResponse({ standardSchema: schemas.openProviders })
  @Public()
  @Get('identity-providers')
  open(
    @Query({ schema: schemas.openProvidersQuery })
    { organisation = null }: { organisation?: string | null },
  ) {
    return this.providers.open(organisation);
  }

  @ApiOperation({
    summary: 'Begin a login with another provider',
    description:
      'Sets a cookie that binds the login to this browser, which then goes to `url`. The provider sends it to the callback, and that to a page of the app with a code for `POST /auth/login/identity/finish`.',
  })
  @ApiOkResponse({ standardSchema: schemas.begun })
  @Public()
  @HttpCode(200)
  @ApiNotFoundResponse({ description: 'There is no such provider' })
  @Post('login/identity')
  @Limited('registrations')
  async begin(
    @Body({ schema: schemas.begin }) { provider }: Begin,
    @Headers('accept-language') accepted: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.bind(reply, await this.logins.beginLogin(provider, localeOf(accepted)));
  }

  /** No part of the API: browsers come back here from a provider, and go on to a page of the app. */
  @ApiExcludeEndpoint()
  @OwnCredentials()
  @Header('Cache-Control', 'no-store')
  @Redirect(undefined, 303)
  @Get('identities/callback/:id')
  async comeBack(
    @Param('id', { schema: uuid }) id: string,
    @Query({ schema: schemas.callbackQuery }) query: schemas.CallbackQuery,
    @Headers('cookie') cookie: string | undefined,
  ) {
    return { url: await this.logins.comeBack(id, query, this.boundBy(cookie)) };
  }

  @ApiOperation({
    summary: 'Finish a login with another provider',
    description:
      'By the browser that began it. An account with a second factor is asked for it, as after `POST /auth/login`, unless the provider says that two factors were shown.',
  })
  @ApiOkResponse({ standardSchema: loggedIn })
  @Public()
  @HttpCode(200)
  @Post('login/identity/finish')
  async finish(
    @Body({ schema: schemas.finish }) body: schemas.Finish,
    @Headers('cookie') cookie: string | undefined,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    reply.header('Set-Cookie', bindingCookie('', this.config.http.publicUrl, 0));
    return this.logins.finish(body, this.boundBy(cookie), caller);
  }

  @ApiOperation({ summary: 'Other providers that are linked to this account' })
  @ApiOkResponse({ standardSchema: schemas.identityList })
  @ApiBearerAuth()
  @Get('me/identities')
  list(@CurrentUser() user: Principal) {
    return this.identities.list(user);
  }

  @ApiOperation({
    summary: 'Begin to link another provider to this account, whose address must be verified',
  })
  @ApiOkResponse({ standardSchema: schemas.begun })
  @ApiForbiddenResponse({ description: '`email_not_verified`' })
  @ApiBearerAuth()
  @StepUp()
  @HttpCode(200)
  @ApiNotFoundResponse({ description: 'There is no such provider' })
  @Post('me/identities')
  async link(
    @CurrentUser() user: Principal,
    @Body({ schema: schemas.begin }) { provider }: Begin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.bind(reply, await this.logins.beginLink(provider, user));
  }

  @ApiOperation({ summary: 'End a link to another provider' })
  @ApiNoContentResponse()
  @ApiConflictResponse({ description: '`last_way_in`' })
  @ApiBearerAuth()
  @StepUp()
  @HttpCode(204)
  @Delete('me/identities/:identity')
  unlink(@CurrentUser() user: Principal, @IdParam('identity') identity: string) {
    return this.identities.unlink(user, identity);
  }

  @ApiOperation({
    summary: 'Begin to prove again who you are, at a linked provider',
    description: 'For accounts without a second factor of their own. The provider has to ask for a login.',
  })
  @ApiOkResponse({ standardSchema: schemas.begun })
  @ApiConflictResponse({ description: '`second_factor_on`' })
  @ApiBearerAuth()
  @HttpCode(200)
  @ApiNotFoundResponse({ description: 'There is no such provider' })
  @Post('step-up/identity')
  async stepUp(
    @CurrentUser() user: Principal,
    @Body({ schema: schemas.begin }) { provider }: Begin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.bind(reply, await this.logins.beginStepUp(provider, user));
  }

  private bind(reply: FastifyReply, { url, binding }: { url: string; binding: string }) {
    reply.header('Set-Cookie', bindingCookie(binding, this.config.http.publicUrl));
    return { url };
  }

  private boundBy(cookie: string | undefined): string | undefined {
    return boundOf(cookie, this.config.http.publicUrl);
  }
}
