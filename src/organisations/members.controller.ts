import { Body, Controller, Delete, Get, HttpCode, Post, Put } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentUser, Needs, StepUp } from '../platform/access/access.decorators.js';
import type { Principal } from '../platform/access/principal.js';
import { IdParam } from '../platform/http/id-param.decorators.js';
import { InvitationsService } from './invitations.service.js';
import { MembersService } from './members.service.js';
import * as schemas from './organisations.schemas.js';

@ApiTags('organisations')
@Needs('members')
@Controller('organisations/:id')
export class MembersController {
  constructor(
    private readonly members: MembersService,
    private readonly invitations: InvitationsService,
  ) {}

  @Get('members')
  @ApiOperation({ summary: 'Members, owners first' })
  @ApiOkResponse({ standardSchema: schemas.memberList })
  list(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.members.list(user, id);
  }

  @StepUp()
  @Put('members/:member')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Say what a member may do',
    description:
      'Nobody gives what they do not have. An owner is no owner from then on, unless it is the last one.',
  })
  @ApiNoContentResponse({ description: 'In force here at once, and on other replicas within a second' })
  change(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @IdParam('member') member: string,
    @Body({ schema: schemas.rightsInput }) body: schemas.RightsInput,
  ) {
    return this.members.change(user, id, member, body);
  }

  @StepUp()
  @Delete('members/:member')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a member; the last owner stays' })
  @ApiNoContentResponse({ description: 'In force here at once, and on other replicas within a second' })
  remove(@CurrentUser() user: Principal, @IdParam() id: string, @IdParam('member') member: string) {
    return this.members.remove(user, id, member);
  }

  @StepUp()
  @Post('ownership')
  @HttpCode(204)
  @ApiOperation({ summary: 'Offer a member to become an owner; it is one when it accepts, within a week' })
  @ApiNoContentResponse({ description: 'Offered, by mail as well' })
  offerOwnership(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Body({ schema: schemas.ownershipOffer }) { userId }: schemas.OwnershipOffer,
  ) {
    return this.members.offerOwnership(user, id, userId);
  }

  @Get('invitations')
  @ApiOperation({ summary: 'Invitations that are neither accepted nor withdrawn, newest first' })
  @ApiOkResponse({ standardSchema: schemas.invitationList })
  invited(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.invitations.list(user, id);
  }

  @StepUp()
  @Post('invitations')
  @ApiOperation({
    summary: 'Invite somebody by mail',
    description: 'The link works once, within a week. Inviting the same address again ends the earlier link.',
  })
  @ApiCreatedResponse({ standardSchema: schemas.invitation })
  invite(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Body({ schema: schemas.newInvitation }) body: schemas.NewInvitation,
  ) {
    return this.invitations.invite(user, id, body);
  }

  @Delete('invitations/:invitation')
  @HttpCode(204)
  @ApiOperation({ summary: 'Withdraw an invitation' })
  @ApiNoContentResponse({ description: 'Its link works no more' })
  withdraw(@CurrentUser() user: Principal, @IdParam() id: string, @IdParam('invitation') invitation: string) {
    return this.invitations.withdraw(user, id, invitation);
  }
}
