import { Body, Controller, Headers, HttpCode, Ip, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { z } from 'zod';
import { CurrentUser, Public } from '../../platform/access/access.decorators.js';
import { type Caller, CurrentCaller } from '../../platform/access/caller.js';
import type { Principal } from '../../platform/access/principal.js';
import { localeOf } from '../../platform/http/accept.js';
import { Limited } from '../limits/limits.decorators.js';
import { SessionsService } from '../tokens/sessions.service.js';
import * as schemas from './accounts.schemas.js';
import { LoginService } from './login.service.js';
import { RecoveryService } from './recovery.service.js';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly logins: LoginService,
    private readonly sessions: SessionsService,
    private readonly recovery: RecoveryService,
  ) {}

  @ApiOperation({ summary: 'Make an account and log in' })
  @ApiHeader({ name: 'accept-language', required: false, schema: { type: 'string', example: 'de' } })
  @ApiCreatedResponse({ standardSchema: schemas.loggedIn })
  @ApiConflictResponse({ description: '`email_taken`' })
  @Public()
  @Post('register')
  @Limited('registrations')
  register(
    @Body({ schema: schemas.register }) body: schemas.Register,
    @CurrentCaller() caller: Caller,
    @Headers('accept-language') accepted?: string,
  ) {
    return this.logins.register(body, localeOf(accepted), caller);
  }

  @ApiOperation({
    summary: 'Log in',
    description:
      'An account with a second factor is answered 401 `second_factor_required` with a `challenge`, which the second step sends back with a code.',
  })
  @ApiOkResponse({ standardSchema: schemas.loggedIn })
  @Public()
  @HttpCode(200)
  @Post('login')
  login(@Body({ schema: schemas.login }) body: schemas.Login, @CurrentCaller() caller: Caller) {
    return this.logins.login(body, caller);
  }

  @ApiOperation({ summary: 'Finish a login with a code of the second factor' })
  @ApiOkResponse({ standardSchema: schemas.loggedIn })
  @ApiForbiddenResponse({ description: '`wrong_code`: the login stays open for another try' })
  @Public()
  @HttpCode(200)
  @Post('login/second-factor')
  secondStep(
    @Body({ schema: schemas.secondStep }) body: schemas.SecondStep,
    @CurrentCaller() caller: Caller,
  ) {
    return this.logins.secondStep(body, caller);
  }

  @ApiOperation({
    summary: 'Trade a refresh token for new tokens',
    description: 'Each works once. One that is used a second time ends its session for everybody.',
  })
  @ApiOkResponse({ standardSchema: schemas.tokens })
  @Public()
  @HttpCode(200)
  @Post('refresh')
  refresh(@Body({ schema: schemas.refresh }) body: z.infer<typeof schemas.refresh>, @Ip() ip: string) {
    return this.logins.refresh(body.refreshToken, ip);
  }

  @ApiOperation({ summary: 'End this session at once' })
  @ApiNoContentResponse()
  @ApiBearerAuth()
  @HttpCode(204)
  @Post('logout')
  logout(@CurrentUser() user: Principal) {
    return this.sessions.end(user.sessionId);
  }

  @ApiOperation({ summary: 'End all sessions of this account at once' })
  @ApiNoContentResponse()
  @ApiBearerAuth()
  @HttpCode(204)
  @Post('logout-all')
  logoutAll(@CurrentUser() user: Principal) {
    return this.sessions.logoutAll(user);
  }

  @ApiOperation({
    summary: 'Ask for a mail to choose a new password',
    description: 'The answer is the same whether or not there is such an account.',
  })
  @ApiAcceptedResponse()
  @Public()
  @HttpCode(202)
  @Post('forgot')
  forgot(@Body({ schema: schemas.forgot }) body: z.infer<typeof schemas.forgot>, @Ip() ip: string) {
    return this.recovery.forgot(body.email, ip);
  }

  @ApiOperation({ summary: 'Choose a new password with the token of the mail; ends all sessions' })
  @ApiNoContentResponse()
  @Public()
  @HttpCode(204)
  @Post('reset')
  reset(@Body({ schema: schemas.reset }) body: schemas.Reset) {
    return this.recovery.reset(body);
  }

  @ApiOperation({ summary: 'Confirm the email address with the token of the mail' })
  @ApiNoContentResponse()
  @Public()
  @HttpCode(204)
  @Post('verify')
  verify(@Body({ schema: schemas.verify }) body: z.infer<typeof schemas.verify>) {
    return this.recovery.verify(body.token);
  }

  @ApiOperation({ summary: 'Ask for another mail to confirm the email address' })
  @ApiAcceptedResponse()
  @ApiBearerAuth()
  @HttpCode(202)
  @Post('verify/resend')
  resend(@CurrentUser() user: Principal) {
    return this.recovery.resend(user.id);
  }
}
