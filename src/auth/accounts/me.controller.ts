import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Ip,
  Patch,
  Post,
  UseInterceptors,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiConflictResponse,
  ApiForbiddenResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { z } from 'zod';
import { CurrentUser } from '../../platform/access/access.decorators.js';
import type { Principal } from '../../platform/access/principal.js';
import { IF_MATCH, requiredVersion } from '../../platform/http/etag.js';
import { VersionTagInterceptor } from '../../platform/http/version-tag.interceptor.js';
import { Limited } from '../limits/limits.decorators.js';
import * as schemas from './accounts.schemas.js';
import { AccountsService } from './accounts.service.js';

@ApiTags('auth')
@ApiBearerAuth()
@Controller('auth/me')
export class MeController {
  constructor(private readonly accounts: AccountsService) {}

  @ApiOperation({ summary: 'The account that is logged in' })
  @ApiOkResponse({ standardSchema: schemas.account })
  @UseInterceptors(VersionTagInterceptor)
  @Get()
  me(@CurrentUser() user: Principal) {
    return this.accounts.find(user.id);
  }

  @ApiOperation({ summary: 'Change name, language or email address; a new address has to be verified' })
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ standardSchema: schemas.account })
  @ApiForbiddenResponse({ description: '`wrong_password`; `step_up_required` where there is no password' })
  @ApiConflictResponse({ description: '`email_taken`' })
  @UseInterceptors(VersionTagInterceptor)
  @Patch()
  edit(
    @CurrentUser() user: Principal,
    @Body({ schema: schemas.editMe }) body: schemas.EditMe,
    @Headers('if-match') ifMatch: string | undefined,
    @Ip() ip: string,
  ) {
    return this.accounts.edit(user, body, requiredVersion(ifMatch), ip);
  }

  @ApiOperation({ summary: 'Change the password; ends all other sessions' })
  @ApiNoContentResponse()
  @ApiForbiddenResponse({ description: '`wrong_password`' })
  @HttpCode(204)
  @Post('password')
  changePassword(
    @CurrentUser() user: Principal,
    @Body({ schema: schemas.changePassword }) body: schemas.ChangePassword,
    @Ip() ip: string,
  ) {
    return this.accounts.changePassword(user, body, ip);
  }

  @ApiOperation({ summary: 'Delete the account: personal data is erased, all sessions end' })
  @ApiNoContentResponse()
  @ApiForbiddenResponse({ description: '`wrong_password`; `step_up_required` where there is no password' })
  @ApiConflictResponse({ description: '`last_admin`' })
  @HttpCode(204)
  @Delete()
  remove(
    @CurrentUser() user: Principal,
    @Body({ schema: schemas.deleteMe }) body: z.infer<typeof schemas.deleteMe>,
    @Ip() ip: string,
  ) {
    return this.accounts.remove(user, body.password, ip);
  }

  @ApiOperation({ summary: 'Everything kept about this account, as JSON' })
  @ApiOkResponse({ standardSchema: schemas.accountExport })
  @Get('export')
  @Limited('documents')
  export(@CurrentUser() user: Principal) {
    return this.accounts.export(user);
  }
}
