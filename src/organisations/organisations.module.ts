import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../auth/accounts/accounts.module.js';
import { HouseModule } from '../house/house.module.js';
import { InvitationEntity } from './invitation.entity.js';
import { InvitationsController } from './invitations.controller.js';
import { InvitationsRepository } from './invitations.repository.js';
import { InvitationsService } from './invitations.service.js';
import { KeyLeaksService } from './key-leaks.service.js';
import { KeysController } from './keys.controller.js';
import { KeysService } from './keys.service.js';
import { MembersController } from './members.controller.js';
import { MembersService } from './members.service.js';
import { OrganisationEntity } from './organisation.entity.js';
import { OrganisationHouseController } from './organisation-house.controller.js';
import { OrganisationHousesService } from './organisation-houses.service.js';
import { OrganisationMailsService } from './organisation-mails.service.js';
import { OrganisationsController } from './organisations.controller.js';
import { OrganisationsRepository } from './organisations.repository.js';
import { OrganisationsService } from './organisations.service.js';

/** Organisations, their members and invitations. */
@Module({
  imports: [TypeOrmModule.forFeature([OrganisationEntity, InvitationEntity]), AccountsModule, HouseModule],
  controllers: [
    OrganisationsController,
    MembersController,
    InvitationsController,
    KeysController,
    OrganisationHouseController,
  ],
  providers: [
    OrganisationsService,
    MembersService,
    InvitationsService,
    KeysService,
    KeyLeaksService,
    OrganisationMailsService,
    OrganisationHousesService,
    OrganisationsRepository,
    InvitationsRepository,
  ],
  exports: [OrganisationsService, OrganisationHousesService],
})
export class OrganisationsModule {}
