import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Public } from '../platform/access/access.decorators.js';
import type { Principal } from '../platform/access/principal.js';
import { InvitationsService } from './invitations.service.js';
import * as schemas from './organisations.schemas.js';

@ApiTags('organisations')
@Controller('invitations')
export class InvitationsController {
  constructor(private readonly invitations: InvitationsService) {}

  @Public()
  @Post('look')
  @HttpCode(200)
  @ApiOperation({ summary: 'What the link of an invitation is about' })
  @ApiOkResponse({ standardSchema: schemas.openInvitation })
  look(@Body({ schema: schemas.invitationToken }) { token }: schemas.InvitationToken) {
    return this.invitations.look(token);
  }

  @Post('accept')
  @HttpCode(200)
  @ApiOperation({ summary: 'Accept an invitation with the account that is logged in' })
  @ApiOkResponse({ standardSchema: schemas.organisation })
  accept(
    @CurrentUser() user: Principal,
    @Body({ schema: schemas.invitationToken }) { token }: schemas.InvitationToken,
  ) {
    return this.invitations.accept(user, token);
  }
}
