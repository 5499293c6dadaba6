import { Injectable } from '@nestjs/common';
import { GrantsService } from '../auth/grants/grants.service.js';
import { SessionsService } from '../auth/tokens/sessions.service.js';
import type { Principal } from '../platform/access/principal.js';
import { DomainError } from '../platform/common/domain-error.js';
import { newId } from '../platform/common/ids.js';
import { DatabaseService } from '../platform/database/database.service.js';
import { FactsService } from '../platform/facts/facts.service.js';
import type { OrganisationEntity } from './organisation.entity.js';
import { OrganisationsRepository } from './organisations.repository.js';
import type {
  NewOrganisation,
  OrganisationBody,
  OrganisationEdit,
  OwnOrganisations,
} from './organisations.schemas.js';

export const NOT_YOURS = 'There is no such organisation of yours.';

/** Organisations: their names and addresses, and which of them somebody belongs to. */
@Injectable()
export class OrganisationsService {
  constructor(
    private readonly database: DatabaseService,
    private readonly organisations: OrganisationsRepository,
    private readonly grants: GrantsService,
    private readonly facts: FactsService,
    private readonly sessions: SessionsService,
  ) {}

  /** Organisations that the caller belongs to, with what they may do there. */
  async mine({ id: userId }: Principal): Promise<OwnOrganisations> {
    const memberships = await this.grants.membershipsOf(userId);
    const found = await this.organisations.findAll(memberships.map((one) => one.organisationId));
    const data = found.map(({ id, name, demandsSecondFactor }) => {
      const { owner, permissions, events, ownershipOfferedUntil } = memberships.find(
        (one) => one.organisationId === id,
      )!;
      const offered = ownershipOfferedUntil && ownershipOfferedUntil > new Date();
      return {
        id,
        name,
        owner,
        permissions,
        events,
        demandsSecondFactor,
        ownershipOfferedUntil: offered ? ownershipOfferedUntil.toISOString() : null,
      };
    });
    return { data };
  }

  /** Errors: `not_found`, also for who does not belong to it. */
  async find(user: Principal, id: string): Promise<OrganisationBody> {
    const found = this.grants.belongs(user, id) ? await this.organisations.find(id) : null;
    if (!found) throw new DomainError('not_found', { detail: NOT_YOURS });
    return toBody(found);
  }

  /** Name of an organisation, as on tickets; undefined when there is none. */
  async nameOf(id: string): Promise<string | undefined> {
    return (await this.organisations.find(id))?.name;
  }

  /** One more organisation, of which the caller is the owner. Errors: `forbidden` for who owns none yet. */
  async create(user: Principal, { name }: NewOrganisation): Promise<OrganisationBody> {
    const mine = await this.grants.membershipsOf(user.id);
    if (user.role !== 'admin' && !mine.some(({ owner }) => owner)) throw new DomainError('forbidden');
    const id = newId();
    await this.database.transaction(async (tx) => {
      await this.organisations.insert(tx, id, name);
      await this.grants.put(tx, {
        organisationId: id,
        userId: user.id,
        owner: true,
        permissions: [],
        events: null,
      });
      await this.facts.append(tx, { ...about(id, user), type: 'organisation.created', data: { name } });
    });
    return toBody((await this.organisations.find(id))!);
  }

  /**
   * A second factor is demanded of others only by an owner who has one, and so is not shut out.
   * Errors: `not_found`, `permission_missing`, `rights_not_yours`, `second_factor_demanded`, `step_up_required` (403),
   * `version_mismatch`.
   */
  async edit(
    user: Principal,
    id: string,
    version: number,
    changes: OrganisationEdit,
  ): Promise<OrganisationBody> {
    this.grants.require(user, 'settings', { organisationId: id }, NOT_YOURS);
    const { demandsSecondFactor: demands } = changes;
    if (demands !== undefined) await this.assertMayDemand(user, id, demands);
    await this.database.transaction(async (tx) => {
      if (!(await this.organisations.update(tx, id, version, changes)))
        throw new DomainError('version_mismatch');
      if (demands !== undefined) await this.grants.touch(tx, id);
      const data = { changed: Object.keys(changes) };
      await this.facts.append(tx, { ...about(id, user), type: 'organisation.updated', data });
    });
    return this.find(user, id);
  }

  private async assertMayDemand(user: Principal, id: string, demands: boolean): Promise<void> {
    if (user.isKey || !this.grants.owns(user, id)) throw new DomainError('rights_not_yours');
    await this.sessions.assertProved(user);
    if (demands && !user.strong)
      throw new DomainError('second_factor_demanded', {
        detail: 'Log in with a second factor or a passkey yourself before you demand one of others.',
      });
  }
}

export const about = (id: string, { id: actor }: Pick<Principal, 'id'>) => ({
  stream: 'organisation',
  streamId: id,
  actor,
});

const toBody = ({ createdAt, updatedAt, ...rest }: OrganisationEntity): OrganisationBody => ({
  ...rest,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
