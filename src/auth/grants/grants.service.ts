import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { Permission, Reach } from '../../platform/access/permissions.js';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { RecentChanges } from '../../platform/database/recent-changes.js';
import { afterCommit, type Tx } from '../../platform/database/tx.js';
import { Every } from '../../platform/jobs/jobs.decorators.js';
import { RedisService } from '../../platform/redis/redis.service.js';
import { GrantsRepository, type Standing } from './grants.repository.js';
import { Grants, type Membership } from './grants.rules.js';
import type { MemberEntity as Member } from './member.entity.js';

export type { MemberEntity as Member } from './member.entity.js';

/** Object of an act: the organisation as a whole, or an event of it. */
interface Where {
  readonly organisationId: string;
  readonly eventId?: string;
  /** Whether it is a sandbox event. */
  readonly sandbox?: boolean;
}

const CHANNEL = 'auth.grants';
const USER = /^[\da-f-]{36}$/;

/**
 * Rights of members of organisations, answered from memory. PostgreSQL is the source; what changed is read every half
 * second, and at once when Redis tells of it. Nothing is read from tokens: a right that is withdrawn ends within a second
 * on every replica.
 */
@Injectable()
export class GrantsService implements OnModuleInit {
  private readonly log = new Logger(GrantsService.name);
  private readonly grants = new Grants();
  private readonly listeners: ((changed: Membership) => void)[] = [];
  private readonly changes = new RecentChanges(async (seconds) =>
    this.learn(await this.memberships.changedWithin(seconds)),
  );

  constructor(
    private readonly memberships: GrantsRepository,
    private readonly redis: RedisService,
  ) {}

  async onModuleInit(): Promise<void> {
    this.redis.listen(CHANNEL, (message) => void this.hear(message));
    await this.changes.begin(async () => this.learn(await this.memberships.all()));
  }

  /** Without an event: may they act on the organisation as a whole? Administrators may do everything. */
  can(user: Principal, permission: Permission, organisationId: string, eventId?: string): boolean {
    if (user.role === 'admin') return true;
    return this.isChosen(user, organisationId) && this.grants.can(user, permission, organisationId, eventId);
  }

  /** Whether they belong to the organisation, and may know of this event of it. */
  belongs(user: Principal, organisationId: string, eventId?: string): boolean {
    if (user.role === 'admin') return true;
    return this.isChosen(user, organisationId) && this.grants.belongs(user.id, organisationId, eventId);
  }

  owns(user: Principal, organisationId: string): boolean {
    return user.role === 'admin' || this.grants.owns(user, organisationId);
  }

  /** Whether they may do it in any organisation. */
  anywhere(user: Principal, permission: Permission): boolean {
    return user.role === 'admin' || this.grants.anywhere(user, permission);
  }

  /**
   * Passes whoever has the permission in some organisation. Looks once more for somebody who seems to have none: a
   * membership may have begun a moment ago on another replica.
   * Errors: `permission_missing`, `second_factor_demanded`, `forbidden`, `buyer_session_not_allowed`.
   */
  async admit(user: Principal, permission: Permission): Promise<void> {
    if (user.sale) throw new DomainError('buyer_session_not_allowed');
    if (this.anywhere(user, permission)) return;
    this.learn(await this.memberships.ofPeople([user.id]));
    if (this.anywhere(user, permission)) return;
    if (this.grants.organisationsOf(user.id).length === 0) throw new DomainError('forbidden');
    if (this.grants.anywhere(withFactor(user), permission)) throw factorDemanded();
    throw new DomainError('permission_missing', { extra: { permission } });
  }

  /**
   * Passes whoever has the permission.
   * Errors: `permission_missing`, `second_factor_demanded` for other members, `not_found` with this detail for
   * everybody else, `key_of_other_kind` for a test key on anything but a sandbox event, and for any other key on one.
   */
  require(
    user: Principal,
    permission: Permission,
    { organisationId, eventId, sandbox = false }: Where,
    detail: string,
  ): void {
    if (this.can(user, permission, organisationId, eventId)) return this.assertKind(user, sandbox);
    if (!this.belongs(user, organisationId, eventId)) throw new DomainError('not_found', { detail });
    if (this.can(withFactor(user), permission, organisationId, eventId)) throw factorDemanded();
    throw new DomainError('permission_missing', {
      detail: `This needs the permission "${permission}", which an owner of the organisation can give.`,
      extra: { permission },
    });
  }

  /**
   * Organisation for which somebody makes something new: the one that the request names, else their own, else the only
   * one. Errors: `not_found`, `permission_missing`, `second_factor_demanded`, `organisation_required`,
   * `key_of_other_kind`.
   * @param sandbox whether what is made is a sandbox event
   */
  acting(user: Principal, permission: Permission, sandbox = false): string {
    const named = user.organisation;
    if (named !== undefined) {
      const where = { organisationId: named, sandbox };
      this.require(user, permission, where, 'There is no such organisation of yours.');
      return named;
    }
    if (this.grants.can(user, permission, user.id)) return user.id;
    const { organisations } = this.grants.reach(user, permission);
    if (organisations.length === 1) return organisations[0]!;
    if (organisations.length > 1) throw new DomainError('organisation_required');
    if (this.grants.reach(withFactor(user), permission).organisations.length > 0) throw factorDemanded();
    throw new DomainError('permission_missing', { extra: { permission } });
  }

  /** Organisation for which somebody is about to make something new, as `acting` says; null where it would refuse. */
  likelyActing(user: Principal, permission: Permission): string | null {
    try {
      return this.acting(user, permission);
    } catch {
      return null;
    }
  }

  /**
   * Events that somebody reaches with a permission; null: all events of everybody, which is what
   * an administrator reaches who names no organisation.
   */
  reach(user: Principal, permission: Permission): Reach | null {
    if (user.role !== 'admin') return this.grants.reach(user, permission, user.organisation);
    return user.organisation === undefined ? null : { organisations: [user.organisation], events: [] };
  }

  /**
   * Events of the organisations that they belong to, whatever they may do there; of the chosen one if one is named. A key
   * sees those of its kind.
   */
  own(user: Principal): Reach {
    const reach = this.grants.reach(user, undefined, user.organisation);
    return user.isKey ? { ...reach, sandbox: user.isTest === true } : reach;
  }

  /** People act on all events, a key on those of its kind. Errors: `key_of_other_kind`. */
  assertKind({ isKey, isTest }: Principal, sandbox: boolean): void {
    if (!isKey || (isTest ?? false) === sandbox) return;
    throw new DomainError('key_of_other_kind', {
      detail: isTest
        ? 'A test key opens sandbox events, and nothing else of the organisation.'
        : 'This is a sandbox event: it opens for test keys.',
    });
  }

  /** Calls the listener with each membership that changes, once, when this replica knows of it. */
  onChanged(listener: (changed: Membership) => void): void {
    this.listeners.push(listener);
  }

  /** Memberships of a person as the database has them. */
  membershipsOf(userId: string): Promise<Member[]> {
    return this.memberships.ofPerson(userId);
  }

  /** Members of an organisation, owners first. The caller has locked the organisation if it is about to change them. */
  membersOf(tx: Tx, organisationId: string): Promise<Member[]> {
    return this.memberships.ofOrganisation(tx, organisationId);
  }

  /** Writes a membership; from the commit on it counts here, and on other replicas within a second. */
  async put(tx: Tx, member: Standing): Promise<void> {
    this.tell(tx, await this.memberships.put(tx, member));
  }

  /** @returns whether there was such a member */
  async end(tx: Tx, organisationId: string, userId: string): Promise<boolean> {
    const ended = await this.memberships.end(tx, organisationId, userId);
    if (ended) this.tell(tx, ended);
    return ended !== undefined;
  }

  /** Reads all members of an organisation anew, here and on the other replicas, since it demands something else of them. */
  async touch(tx: Tx, organisationId: string): Promise<void> {
    const members = await this.memberships.touch(tx, organisationId);
    afterCommit(tx, () => {
      this.learn(members);
      void this.redis.tell(CHANNEL, members.map(({ userId }) => userId).join(' '));
    });
  }

  /**
   * Learns of what the database itself did to these people's memberships, as with a change of role, and tells the other
   * replicas. Call after the commit.
   */
  async reread(userIds: readonly string[]): Promise<void> {
    await this.hear(userIds.join(' '));
    void this.redis.tell(CHANNEL, userIds.join(' '));
  }

  @Every({ name: 'auth.grants', seconds: 0.5, everywhere: true })
  async follow(): Promise<void> {
    await this.changes.follow();
  }

  private learn(memberships: readonly Membership[]): void {
    for (const changed of this.grants.learn(memberships))
      for (const listener of this.listeners) listener(changed);
  }

  private tell(tx: Tx, membership: Membership): void {
    afterCommit(tx, () => {
      this.learn([membership]);
      void this.redis.tell(CHANNEL, membership.userId);
    });
  }

  private async hear(message: string): Promise<void> {
    const people = message.split(' ').filter((id) => USER.test(id));
    try {
      this.learn(await this.memberships.ofPeople(people));
    } catch (error) {
      // The next look, within a second, reads it as well.
      this.log.warn({ err: error }, 'Changed memberships cannot be read right now');
    }
  }

  private isChosen({ organisation }: Principal, organisationId: string): boolean {
    return organisation === undefined || organisation === organisationId;
  }
}

/** The same person after a login with two factors. */
const withFactor = (user: Principal): Principal => ({ ...user, strong: true });

const factorDemanded = (): DomainError =>
  new DomainError('second_factor_demanded', {
    detail:
      'Turn on a second factor, or make a passkey, in the security of your account, and log in with it.',
  });
