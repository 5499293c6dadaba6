import { Body, Controller, Delete, Get, HttpCode, Ip, Post, Put } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiConflictResponse,
  ApiForbiddenResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { z } from 'zod';
import { CurrentUser, StepUp } from '../../platform/access/access.decorators.js';
import type { Principal } from '../../platform/access/principal.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import { SecondFactorsService } from '../factors/second-factors.service.js';
import { SessionsService } from '../tokens/sessions.service.js';
import * as schemas from './accounts.schemas.js';
import { SecurityService } from './security.service.js';

@ApiTags('auth')
@ApiBearerAuth()
@Controller('auth')
export class SecurityController {
  constructor(
    private readonly security: SecurityService,
    private readonly factors: SecondFactorsService,
    private readonly sessions: SessionsService,
  ) {}

  @ApiOperation({
    summary: 'Prove again who you are',
    description:
      'What moves money, makes keys or changes members wants a proof of the last 15 minutes (`x-step-up`), else it answers 403 `step_up_required`. A passkey is always enough; else an account with a second factor shows its code, one without its password.',
  })
  @ApiOkResponse({ standardSchema: schemas.proof })
  @ApiForbiddenResponse({
    description: '`wrong_password`, `wrong_code`, `passkey_unknown`, `passkey_invalid`, …',
  })
  @HttpCode(200)
  @Post('step-up')
  stepUp(
    @CurrentUser() user: Principal,
    @Body({ schema: schemas.stepUp }) body: schemas.StepUpProof,
    @Ip() ip: string,
  ) {
    return this.security.stepUp(user, body, ip);
  }

  @ApiOperation({ summary: 'How this account is protected' })
  @ApiOkResponse({ standardSchema: schemas.security })
  @Get('me/security')
  standing(@CurrentUser() user: Principal) {
    return this.security.standing(user);
  }

  @ApiOperation({ summary: 'Where this account is logged in' })
  @ApiOkResponse({ standardSchema: schemas.sessions })
  @Get('me/sessions')
  all(@CurrentUser() user: Principal) {
    return this.security.sessionsOf(user);
  }

  @ApiOperation({ summary: 'End all other sessions of this account at once' })
  @ApiNoContentResponse()
  @HttpCode(204)
  @Delete('me/sessions')
  endOthers(@CurrentUser() user: Principal) {
    return this.sessions.endOthers(user);
  }

  @ApiOperation({ summary: 'End one session of this account at once' })
  @ApiNoContentResponse()
  @HttpCode(204)
  @Delete('me/sessions/:id')
  async end(@CurrentUser() user: Principal, @IdParam() id: string): Promise<void> {
    await this.sessions.endOwn(user, id);
  }

  @ApiOperation({
    summary: 'Begin a second factor',
    description: 'The secret counts once the authenticator app has shown a right code; see PUT.',
  })
  @ApiOkResponse({ standardSchema: schemas.secondFactorSecret })
  @ApiConflictResponse({ description: '`second_factor_on`' })
  @StepUp()
  @HttpCode(200)
  @Post('me/second-factor')
  begin(@CurrentUser() user: Principal) {
    return this.security.beginSecondFactor(user);
  }

  @ApiOperation({
    summary: 'Turn the second factor on with a code of the authenticator app',
    description:
      'This session counts as one with two factors from then on; the access token of the answer says so.',
  })
  @ApiOkResponse({ standardSchema: schemas.secondFactorOn })
  @ApiForbiddenResponse({ description: '`wrong_code`' })
  @ApiConflictResponse({ description: '`second_factor_on`, `second_factor_off`' })
  @Put('me/second-factor')
  confirm(
    @CurrentUser() user: Principal,
    @Body({ schema: schemas.confirmSecondFactor }) { code }: z.infer<typeof schemas.confirmSecondFactor>,
  ) {
    return this.security.confirmSecondFactor(user, code);
  }

  @ApiOperation({ summary: 'Turn the second factor off' })
  @ApiNoContentResponse()
  @ApiConflictResponse({ description: '`second_factor_off`' })
  @StepUp()
  @HttpCode(204)
  @Delete('me/second-factor')
  async off(@CurrentUser() user: Principal): Promise<void> {
    await this.security.endSecondFactor(user);
  }

  @ApiOperation({ summary: 'Make other recovery codes; those of before are void' })
  @ApiOkResponse({ standardSchema: schemas.recoveryCodes })
  @ApiConflictResponse({ description: '`second_factor_off`' })
  @StepUp()
  @HttpCode(200)
  @Post('me/recovery-codes')
  async codes(@CurrentUser() user: Principal) {
    return { recoveryCodes: await this.factors.renewCodes(user.id) };
  }
}
