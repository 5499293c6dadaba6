import { Injectable } from '@nestjs/common';
import { PeopleService } from '../auth/accounts/people.service.js';
import { GrantsService } from '../auth/grants/grants.service.js';
import { type ApiKey, ApiKeysService } from '../auth/keys/api-keys.service.js';
import type { Principal } from '../platform/access/principal.js';
import { DomainError } from '../platform/common/domain-error.js';
import { newId } from '../platform/common/ids.js';
import { DatabaseService } from '../platform/database/database.service.js';
import { FactsService } from '../platform/facts/facts.service.js';
import type { ApiKeyBody, MadeKey, NewKeyInput } from './keys.schemas.js';
import { MembersService } from './members.service.js';
import { OrganisationsRepository } from './organisations.repository.js';
import { about, NOT_YOURS } from './organisations.service.js';

const MOST_OF_ONE = 50;
const HOUR = 3_600_000;
const ENDED_SHOWN_DAYS = 30;

/** Keys with which machines act for an organisation. People make them, for what they may do themselves. */
@Injectable()
export class KeysService {
  constructor(
    private readonly database: DatabaseService,
    private readonly organisations: OrganisationsRepository,
    private readonly members: MembersService,
    private readonly grants: GrantsService,
    private readonly keys: ApiKeysService,
    private readonly people: PeopleService,
    private readonly facts: FactsService,
  ) {}

  /** Newest first, with those that were ended within a month. Errors: `not_found`, `permission_missing`, `key_not_allowed`. */
  async list(user: Principal, organisationId: string): Promise<{ data: ApiKeyBody[] }> {
    this.requireSettings(user, organisationId);
    return {
      data: await this.toBodies(organisationId, await this.keys.shown(organisationId, ENDED_SHOWN_DAYS)),
    };
  }

  /**
   * Makes a key, which only this answer holds. Errors: `not_found`, `permission_missing`, `key_not_allowed`,
   * `rights_not_yours`, `unknown_events`, `too_many_keys`, `validation_failed` for an end in the past.
   */
  async create(user: Principal, organisationId: string, wanted: NewKeyInput): Promise<MadeKey> {
    this.requireSettings(user, organisationId);
    await this.members.assertGivable(user, organisationId, wanted, wanted.test);
    if (wanted.expiresAt && wanted.expiresAt <= new Date())
      throw new DomainError('validation_failed', {
        errors: [{ path: 'expiresAt', message: 'must be in the future' }],
      });
    return this.make(user, organisationId, wanted);
  }

  /**
   * Makes another key with the same rights; the old one ends after the overlap.
   * Errors: `not_found`, `permission_missing`, `key_not_allowed`, `rights_not_yours`, `too_many_keys`.
   */
  async rotate(user: Principal, organisationId: string, id: string, overlapHours: number): Promise<MadeKey> {
    this.requireSettings(user, organisationId);
    const old = (await this.keys.ofOrganisation(organisationId)).find((one) => one.id === id);
    if (!old) throw new DomainError('not_found', { detail: NO_KEY });
    await this.members.assertGivable(user, organisationId, old, old.test);
    return this.make(user, organisationId, old, { id, at: new Date(Date.now() + overlapHours * HOUR) });
  }

  /** Ends a key: here at once, on other replicas within a second. Errors: `not_found`, `permission_missing`. */
  async end(user: Principal, organisationId: string, id: string): Promise<void> {
    this.requireSettings(user, organisationId);
    await this.database.transaction(async (tx) => {
      if (!(await this.keys.end(tx, organisationId, id)))
        throw new DomainError('not_found', { detail: NO_KEY });
      const data = { keyId: id };
      await this.facts.append(tx, { ...about(organisationId, user), type: 'organisation.key_ended', data });
    });
    await this.learn(id);
  }

  private async make(
    user: Principal,
    organisationId: string,
    {
      name,
      permissions,
      events,
      expiresAt,
      test,
    }: Pick<ApiKey, 'name' | 'permissions' | 'events' | 'expiresAt' | 'test'>,
    old?: { id: string; at: Date },
  ): Promise<MadeKey> {
    const id = newId();
    const { made, key } = await this.database.transaction(async (tx) => {
      await this.organisations.lock(tx, organisationId);
      if ((await this.keys.ofOrganisation(organisationId)).length >= MOST_OF_ONE)
        throw new DomainError('too_many_keys', { detail: `An organisation can have ${MOST_OF_ONE}.` });
      if (old && !(await this.keys.one(tx, organisationId, old.id)))
        throw new DomainError('not_found', { detail: NO_KEY });
      if (old) await this.keys.endBy(tx, old.id, old.at);
      const data = { keyId: id, permissions, events, test, replaces: old?.id ?? null };
      await this.facts.append(tx, { ...about(organisationId, user), type: 'organisation.key_made', data });
      const fields = { id, organisationId, name, permissions, events, expiresAt, test, createdBy: user.id };
      return this.keys.make(tx, fields);
    });
    await this.learn(id);
    const [shown] = await this.toBodies(organisationId, [made]);
    return { ...shown!, key };
  }

  private async toBodies(organisationId: string, keys: readonly ApiKey[]): Promise<ApiKeyBody[]> {
    const [people, members] = await Promise.all([
      this.people.named(keys.map(({ createdBy }) => createdBy)),
      this.database.transaction((tx) => this.grants.membersOf(tx, organisationId)),
    ]);
    const here = new Set(members.map(({ userId }) => userId));
    return keys.map((key) => ({
      ...toBody(key),
      createdByName: people.get(key.createdBy)?.name ?? null,
      createdByMember: here.has(key.createdBy),
    }));
  }

  /** This replica knows of the change when its answer is out. */
  private async learn(id: string): Promise<void> {
    await Promise.all([this.keys.follow(), this.grants.reread([id])]);
  }

  private requireSettings(user: Principal, organisationId: string): void {
    if (user.isKey) throw new DomainError('key_not_allowed');
    this.grants.require(user, 'settings', { organisationId }, NOT_YOURS);
  }
}

const NO_KEY = 'There is no such key.';

const toBody = (key: ApiKey): Omit<ApiKeyBody, 'createdByName' | 'createdByMember'> => ({
  id: key.id,
  name: key.name,
  test: key.test,
  ending: key.ending,
  permissions: key.permissions,
  events: key.events,
  createdBy: key.createdBy,
  createdAt: key.createdAt.toISOString(),
  expiresAt: key.expiresAt?.toISOString() ?? null,
  lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  requests: key.requests,
  endedAt: key.endedAt?.toISOString() ?? null,
});
