import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { z } from 'zod';
import { CurrentUser, Public, StepUp } from '../../platform/access/access.decorators.js';
import { type Caller, CurrentCaller } from '../../platform/access/caller.js';
import type { Principal } from '../../platform/access/principal.js';
import { uuid } from '../../platform/common/schemas.js';
import { PasskeyProofsService } from '../passkeys/passkey-proofs.service.js';
import * as passkeys from '../passkeys/passkeys.schemas.js';
import { PasskeysService } from '../passkeys/passkeys.service.js';
import * as schemas from './accounts.schemas.js';
import { LoginService } from './login.service.js';
import { SecurityService } from './security.service.js';

@ApiTags('auth')
@Controller('auth')
export class PasskeysController {
  constructor(
    private readonly passkeys: PasskeysService,
    private readonly proofs: PasskeyProofsService,
    private readonly security: SecurityService,
    private readonly logins: LoginService,
  ) {}

  @ApiOperation({
    summary: 'Begin a login with a passkey',
    description: 'Nobody has to say who they are: the browser shows the passkeys that it has for this shop.',
  })
  @ApiOkResponse({ standardSchema: passkeys.requestOptions })
  @Public()
  @HttpCode(200)
  @Post('login/passkey/options')
  beginLogin() {
    return this.proofs.beginLogin();
  }

  @ApiOperation({
    summary: 'Log in with a passkey',
    description: 'It counts as two factors, so that no code is asked for.',
  })
  @ApiOkResponse({ standardSchema: schemas.loggedIn })
  @ApiForbiddenResponse({
    description: '`passkey_unknown`, `passkey_elsewhere`, `passkey_invalid`, `passkey_counter_back`',
  })
  @Public()
  @HttpCode(200)
  @Post('login/passkey')
  login(@Body({ schema: schemas.passkeyLogin }) body: schemas.PasskeyLogin, @CurrentCaller() caller: Caller) {
    return this.logins.withPasskey(body, caller);
  }

  @ApiOperation({ summary: 'Begin a proof with a passkey, for `POST /auth/step-up`' })
  @ApiOkResponse({ standardSchema: passkeys.requestOptions })
  @ApiConflictResponse({ description: '`second_factor_off`: the account has no passkey' })
  @ApiBearerAuth()
  @HttpCode(200)
  @Post('step-up/options')
  beginProof(@CurrentUser() user: Principal) {
    return this.proofs.beginProof(user.id);
  }

  @ApiOperation({ summary: 'Passkeys of this account' })
  @ApiOkResponse({ standardSchema: passkeys.passkeys })
  @ApiBearerAuth()
  @Get('me/passkeys')
  list(@CurrentUser() user: Principal) {
    return this.passkeys.list(user.id);
  }

  @ApiOperation({ summary: 'Begin a new passkey' })
  @ApiOkResponse({ standardSchema: passkeys.creationOptions })
  @ApiConflictResponse({ description: '`passkeys_full`' })
  @ApiBearerAuth()
  @StepUp()
  @HttpCode(200)
  @Post('me/passkeys/options')
  begin(@CurrentUser() user: Principal) {
    return this.security.beginPasskey(user);
  }

  @ApiOperation({ summary: 'Keep the passkey that the browser has made' })
  @ApiCreatedResponse({ standardSchema: passkeys.passkey })
  @ApiForbiddenResponse({ description: '`passkey_elsewhere`, `passkey_invalid`' })
  @ApiConflictResponse({ description: '`passkey_known`, `passkeys_full`' })
  @ApiBearerAuth()
  @StepUp()
  @Post('me/passkeys')
  add(
    @CurrentUser() user: Principal,
    @Body({ schema: passkeys.addPasskey }) body: passkeys.AddPasskey,
    @CurrentCaller() caller: Caller,
  ) {
    return this.security.addPasskey(user, body, caller);
  }

  @ApiOperation({ summary: 'Give a passkey another name' })
  @ApiNoContentResponse()
  @ApiBearerAuth()
  @HttpCode(204)
  @Patch('me/passkeys/:id')
  rename(
    @CurrentUser() user: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: passkeys.renamePasskey }) { name }: z.infer<typeof passkeys.renamePasskey>,
  ) {
    return this.passkeys.rename(user.id, id, name);
  }

  @ApiOperation({ summary: 'Remove a passkey; nobody logs in with it any more' })
  @ApiNoContentResponse()
  @ApiConflictResponse({ description: '`last_way_in`: the account has no password and no other passkey' })
  @ApiBearerAuth()
  @StepUp()
  @HttpCode(204)
  @Delete('me/passkeys/:id')
  remove(@CurrentUser() user: Principal, @Param('id', { schema: uuid }) id: string) {
    return this.security.removePasskey(user, id);
  }
}
