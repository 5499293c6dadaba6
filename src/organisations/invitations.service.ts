import { Injectable } from '@nestjs/common';
import { AccountsService } from '../auth/accounts/accounts.service.js';
import { GrantsService } from '../auth/grants/grants.service.js';
import { tokenHash } from '../auth/tokens/sessions.service.js';
import type { Principal } from '../platform/access/principal.js';
import { DomainError } from '../platform/common/domain-error.js';
import { newId } from '../platform/common/ids.js';
import { DatabaseService } from '../platform/database/database.service.js';
import { FactsService } from '../platform/facts/facts.service.js';
import { Every } from '../platform/jobs/jobs.decorators.js';
import { MailService } from '../platform/mail/mail.service.js';
import type { InvitationEntity } from './invitation.entity.js';
import { InvitationsRepository } from './invitations.repository.js';
import { MembersService } from './members.service.js';
import { OrganisationsRepository } from './organisations.repository.js';
import type {
  InvitationBody,
  NewInvitation,
  OpenInvitation,
  OrganisationBody,
} from './organisations.schemas.js';
import { about, NOT_YOURS, OrganisationsService } from './organisations.service.js';

const VALID_DAYS = 7;
const MOST_AT_ONCE = 200;

/** Invitations to become a member, by mail. */
@Injectable()
export class InvitationsService {
  constructor(
    private readonly database: DatabaseService,
    private readonly invitations: InvitationsRepository,
    private readonly organisations: OrganisationsRepository,
    private readonly own: OrganisationsService,
    private readonly members: MembersService,
    private readonly grants: GrantsService,
    private readonly accounts: AccountsService,
    private readonly facts: FactsService,
    private readonly mail: MailService,
  ) {}

  /** Newest first. Errors: `not_found`, `permission_missing`. */
  async list(user: Principal, organisationId: string): Promise<{ data: InvitationBody[] }> {
    this.grants.require(user, 'members', { organisationId }, NOT_YOURS);
    return { data: (await this.invitations.ofOrganisation(organisationId)).map(toBody) };
  }

  /**
   * Sends a link that works once, within a week; an earlier invitation of the same address ends.
   * Errors: `not_found`, `permission_missing`, `rights_not_yours`, `unknown_events`, `already_member`,
   * `too_many_invitations`.
   */
  async invite(user: Principal, organisationId: string, wanted: NewInvitation): Promise<InvitationBody> {
    this.grants.require(user, 'members', { organisationId }, NOT_YOURS);
    await this.members.assertGivable(user, organisationId, wanted);
    const invited = await this.accounts.findByEmail(wanted.email);
    const made = await this.database.transaction(async (tx) => {
      await this.organisations.lock(tx, organisationId);
      const members = await this.grants.membersOf(tx, organisationId);
      if (members.some(({ userId }) => userId === invited?.id)) throw new DomainError('already_member');
      if ((await this.invitations.ofOrganisation(organisationId)).length >= MOST_AT_ONCE)
        throw new DomainError('too_many_invitations', {
          detail: `There can be ${MOST_AT_ONCE} at a time; withdraw some.`,
        });
      const expiresAt = new Date(Date.now() + VALID_DAYS * 86_400_000);
      const row = { ...wanted, id: newId(), organisationId, invitedBy: user.id, expiresAt };
      const invitation = await this.invitations.put(tx, row);
      const { id: invitationId, permissions, events } = invitation;
      await this.facts.append(tx, {
        ...about(organisationId, user),
        type: 'organisation.invited',
        data: { invitationId, permissions, events },
      });
      await this.mail.queue(tx, {
        kind: 'organisation.invited',
        userId: user.id,
        data: { invitationId },
        usefulUntil: expiresAt,
      });
      return invitation;
    });
    return toBody(made);
  }

  /** Errors: `not_found`, `permission_missing`. */
  async withdraw(user: Principal, organisationId: string, invitationId: string): Promise<void> {
    this.grants.require(user, 'members', { organisationId }, NOT_YOURS);
    await this.database.transaction(async (tx) => {
      if (!(await this.invitations.take(tx, organisationId, invitationId)))
        throw new DomainError('not_found', { detail: 'There is no such invitation.' });
      const data = { invitationId };
      await this.facts.append(tx, {
        ...about(organisationId, user),
        type: 'organisation.invitation_withdrawn',
        data,
      });
    });
  }

  /** Tells what a link is about. Errors: `link_invalid`. */
  async look(token: string): Promise<OpenInvitation> {
    const { organisationId, email, permissions, events, expiresAt } = await this.open(token);
    const name = (await this.own.nameOf(organisationId)) ?? '';
    return {
      organisation: { id: organisationId, name },
      email,
      permissions,
      events,
      expiresAt: expiresAt.toISOString(),
    };
  }

  /** Makes the caller a member; an owner stays one. Errors: `link_invalid`. */
  async accept(user: Principal, token: string): Promise<OrganisationBody> {
    const { id, organisationId, permissions, events } = await this.open(token);
    await this.database.transaction(async (tx) => {
      await this.organisations.lock(tx, organisationId);
      if (!(await this.invitations.take(tx, organisationId, id))) throw new DomainError('link_invalid');
      const members = await this.grants.membersOf(tx, organisationId);
      if (members.some(({ userId, owner }) => owner && userId === user.id)) return;
      await this.grants.put(tx, { organisationId, userId: user.id, owner: false, permissions, events });
      await this.facts.append(tx, {
        ...about(organisationId, user),
        type: 'organisation.member_joined',
        data: { userId: user.id, invitationId: id, permissions, events },
      });
    });
    return this.own.find({ ...user, organisation: organisationId }, organisationId);
  }

  @Every({ name: 'organisations.forget-invitations', seconds: 3_600 })
  purge(): Promise<void> {
    return this.invitations.purge();
  }

  private async open(token: string): Promise<InvitationEntity> {
    const found = await this.invitations.byToken(tokenHash(token));
    if (!found) throw new DomainError('link_invalid');
    return found;
  }
}

const toBody = ({ tokenHash: _, organisationId: __, ...rest }: InvitationEntity): InvitationBody => ({
  ...rest,
  createdAt: rest.createdAt.toISOString(),
  expiresAt: rest.expiresAt.toISOString(),
});
