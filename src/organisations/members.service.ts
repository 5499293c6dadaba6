import { Injectable } from '@nestjs/common';
import { PeopleService } from '../auth/accounts/people.service.js';
import { GrantsService, type Member } from '../auth/grants/grants.service.js';
import type { Permission } from '../platform/access/permissions.js';
import type { Principal } from '../platform/access/principal.js';
import { DomainError } from '../platform/common/domain-error.js';
import { DatabaseService } from '../platform/database/database.service.js';
import type { Tx } from '../platform/database/tx.js';
import { FactsService } from '../platform/facts/facts.service.js';
import { MailService } from '../platform/mail/mail.service.js';
import { OrganisationsRepository } from './organisations.repository.js';
import type { MemberBody, RightsInput } from './organisations.schemas.js';
import { about, NOT_YOURS } from './organisations.service.js';

const OFFER_DAYS = 7;

/** Members of organisations and what they may do. Nobody gives what they do not have, and each keeps an owner. */
@Injectable()
export class MembersService {
  constructor(
    private readonly database: DatabaseService,
    private readonly organisations: OrganisationsRepository,
    private readonly grants: GrantsService,
    private readonly people: PeopleService,
    private readonly facts: FactsService,
    private readonly mail: MailService,
  ) {}

  /** Owners first, then in the order of joining. Errors: `not_found`, `permission_missing`. */
  async list(user: Principal, organisationId: string): Promise<{ data: MemberBody[] }> {
    this.requireMembers(user, organisationId);
    const members = await this.database.transaction((tx) => this.grants.membersOf(tx, organisationId));
    const people = await this.people.named(members.map(({ userId }) => userId));
    return {
      data: members.map((one) => {
        // Members have accounts, and an account has both.
        const { name, email } = people.get(one.userId) as { name: string; email: string };
        const until = one.ownershipOfferedUntil;
        return {
          userId: one.userId,
          name,
          email,
          owner: one.owner,
          permissions: one.permissions,
          events: one.events,
          joinedAt: one.joinedAt.toISOString(),
          ownershipOfferedUntil: until && until > new Date() ? until.toISOString() : null,
        };
      }),
    };
  }

  /**
   * Gives a member these rights; an owner is a member with them from then on.
   * Errors: `not_found`, `permission_missing`, `rights_not_yours`, `unknown_events`, `last_owner`.
   */
  async change(user: Principal, organisationId: string, userId: string, rights: RightsInput): Promise<void> {
    this.requireMembers(user, organisationId);
    await this.assertGivable(user, organisationId, rights);
    await this.changing(user, organisationId, userId, async (tx, member) => {
      const { permissions, events } = rights;
      await this.grants.put(tx, { organisationId, userId, owner: false, permissions, events });
      await this.facts.append(tx, {
        ...about(organisationId, user),
        type: 'organisation.member_changed',
        data: { userId: member.userId, permissions, events },
      });
    });
  }

  /** Errors: `not_found`, `permission_missing`, `rights_not_yours`, `last_owner`. */
  async remove(user: Principal, organisationId: string, userId: string): Promise<void> {
    this.requireMembers(user, organisationId);
    await this.end(user, organisationId, userId);
  }

  /** The caller leaves. Errors: `not_found`, `last_owner`. */
  leave(user: Principal, organisationId: string): Promise<void> {
    return this.end(user, organisationId, user.id);
  }

  /**
   * Offers ownership to a member, who becomes an owner by accepting it within a week. The one who offers stays owner.
   * Errors: `not_found`, `rights_not_yours` for who is no owner, `already_owner`.
   */
  async offerOwnership(user: Principal, organisationId: string, userId: string): Promise<void> {
    if (!this.grants.belongs(user, organisationId)) throw new DomainError('not_found', { detail: NOT_YOURS });
    if (!this.grants.owns(user, organisationId)) throw new DomainError('rights_not_yours');
    await this.database.transaction(async (tx) => {
      const member = await this.locked(tx, organisationId, userId);
      if (member.owner) throw new DomainError('already_owner');
      await this.grants.put(tx, {
        ...standing(member),
        ownershipOfferedBy: user.id,
        ownershipOfferedUntil: new Date(Date.now() + OFFER_DAYS * 86_400_000),
      });
      const data = { userId };
      await this.facts.append(tx, {
        ...about(organisationId, user),
        type: 'organisation.ownership_offered',
        data,
      });
      await this.mail.queue(tx, { kind: 'organisation.ownership_offered', userId, data: { organisationId } });
    });
  }

  /** Errors: `not_found`, `offer_over` when there is none, any more or whose giver is no owner any more. */
  async acceptOwnership(user: Principal, organisationId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const member = await this.locked(tx, organisationId, user.id);
      const { ownershipOfferedBy: giver, ownershipOfferedUntil: until } = member;
      const members = await this.grants.membersOf(tx, organisationId);
      const stands = members.some((one) => one.userId === giver && one.owner);
      if (!until || until <= new Date() || !stands) throw new DomainError('offer_over');
      await this.grants.put(tx, {
        organisationId,
        userId: user.id,
        owner: true,
        permissions: [],
        events: null,
      });
      const data = { userId: user.id };
      await this.facts.append(tx, { ...about(organisationId, user), type: 'organisation.owner_added', data });
    });
  }

  /**
   * Errors: `rights_not_yours` for what the caller may not do, `unknown_events` for events of others.
   * @param test for a test key, or for another key; undefined: for a person, who acts on events of both kinds
   */
  async assertGivable(
    user: Principal,
    organisationId: string,
    { permissions, events }: RightsInput,
    test?: boolean,
  ): Promise<void> {
    const mine = (permission: Permission) => this.grants.can(user, permission, organisationId);
    const missing = permissions.filter((permission) => !mine(permission));
    if (missing.length > 0)
      throw new DomainError('rights_not_yours', {
        detail: `You cannot give what you do not have yourself: ${missing.join(', ')}.`,
        extra: { missing },
      });
    const foreign = events ? await this.organisations.foreign(organisationId, events, test) : [];
    if (foreign.length > 0) {
      const errors = foreign.map((id) => ({
        path: `events.${events!.indexOf(id)}`,
        message: `is no ${KIND_WORDS[`${test}`]} of the organisation`,
      }));
      throw new DomainError('unknown_events', { errors });
    }
  }

  private async end(user: Principal, organisationId: string, userId: string): Promise<void> {
    await this.changing(user, organisationId, userId, async (tx) => {
      await this.grants.end(tx, organisationId, userId);
      const data = { userId };
      await this.facts.append(tx, { ...about(organisationId, user), type: 'organisation.member_left', data });
    });
  }

  /** Only owners change owners, and one stays. */
  private async changing(
    user: Principal,
    organisationId: string,
    userId: string,
    work: (tx: Tx, member: Member) => Promise<void>,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const member = await this.locked(tx, organisationId, userId);
      if (member.owner && !this.grants.owns(user, organisationId)) throw new DomainError('rights_not_yours');
      const members = await this.grants.membersOf(tx, organisationId);
      if (member.owner && members.filter(({ owner }) => owner).length === 1)
        throw new DomainError('last_owner');
      await work(tx, member);
    });
  }

  private async locked(tx: Tx, organisationId: string, userId: string): Promise<Member> {
    await this.organisations.lock(tx, organisationId);
    const members = await this.grants.membersOf(tx, organisationId);
    const member = members.find((one) => one.userId === userId);
    if (!member) throw new DomainError('not_found', { detail: 'There is no such member.' });
    return member;
  }

  private requireMembers(user: Principal, organisationId: string): void {
    this.grants.require(user, 'members', { organisationId }, NOT_YOURS);
  }
}

const KIND_WORDS = { undefined: 'event', true: 'sandbox event', false: 'event other than a sandbox event' };

const standing = ({ organisationId, userId, owner, permissions, events }: Member) => ({
  organisationId,
  userId,
  owner,
  permissions,
  events,
});
