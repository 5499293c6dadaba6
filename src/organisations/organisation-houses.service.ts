import { Injectable } from '@nestjs/common';
import { GrantsService } from '../auth/grants/grants.service.js';
import type { LegalTexts, OwnSettings, WholeOwnHouse } from '../house/house.schemas.js';
import { HouseService, type Logo } from '../house/house.service.js';
import type { Principal } from '../platform/access/principal.js';
import { DomainError } from '../platform/common/domain-error.js';
import type { OrganisationEntity } from './organisation.entity.js';
import { OrganisationsRepository } from './organisations.repository.js';
import type { OrganisationHouse } from './organisations.schemas.js';
import { NOT_YOURS } from './organisations.service.js';

/** Organisations as buyers see them: everybody may look, and members with the permission `settings` may change it. */
@Injectable()
export class OrganisationHousesService {
  constructor(
    private readonly houses: HouseService,
    private readonly organisations: OrganisationsRepository,
    private readonly grants: GrantsService,
  ) {}

  /** Errors: `not_found`, also for one that has shown nothing yet: its name may be that of a person. */
  async shown(id: string): Promise<OrganisationHouse> {
    const { name, address, website } = await this.seller(id);
    return { ...(await this.houses.current(id)), organisation: { id, name, address, website } };
  }

  /** Errors: those of `shown`. */
  async texts(id: string): Promise<LegalTexts> {
    await this.seller(id);
    return this.houses.texts(id);
  }

  /** @param hash of the picture that is wanted. Errors: `not_found`. */
  logo(id: string, hash: string | undefined): Promise<Logo> {
    return this.houses.logo(hash, id);
  }

  /** Errors: `not_found`, `permission_missing`. */
  async settings(user: Principal, id: string): Promise<WholeOwnHouse> {
    await this.requireSettings(user, id);
    return this.houses.own(id);
  }

  /** Errors: `not_found`, `permission_missing`, `version_mismatch`, `accent_too_pale`. */
  async replace(user: Principal, id: string, version: number, settings: OwnSettings): Promise<WholeOwnHouse> {
    await this.requireSettings(user, id);
    await this.houses.replace(user, version, settings, id);
    return this.houses.own(id);
  }

  /** Errors: `not_found`, `permission_missing`, `version_mismatch`, `logo_unsupported`. */
  async setLogo(user: Principal, id: string, version: number, data: string): Promise<WholeOwnHouse> {
    await this.requireSettings(user, id);
    await this.houses.setLogo(user, version, data, id);
    return this.houses.own(id);
  }

  /** Errors: `not_found`, `permission_missing`, `version_mismatch`. */
  async removeLogo(user: Principal, id: string, version: number): Promise<WholeOwnHouse> {
    await this.requireSettings(user, id);
    await this.houses.removeLogo(user, version, id);
    return this.houses.own(id);
  }

  private async seller(id: string): Promise<OrganisationEntity> {
    const found = await this.organisations.find(id);
    const isShown =
      found && ((await this.houses.own(id)).version > 0 || (await this.organisations.hasPublished(id)));
    if (!isShown) throw new DomainError('not_found', { detail: 'There is no such organisation.' });
    return found;
  }

  private async requireSettings(user: Principal, id: string): Promise<void> {
    this.grants.require(user, 'settings', { organisationId: id }, NOT_YOURS);
    // Administrators may do it for any organisation, as long as there is one.
    if (!(await this.organisations.find(id))) throw new DomainError('not_found', { detail: NOT_YOURS });
  }
}
