import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { newId } from '../../platform/common/ids.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { IdentitiesRepository } from '../factors/identities.repository.js';
import { GrantsService } from '../grants/grants.service.js';
import type { NewProvider, ProviderBody, ProviderChanges } from './identities.schemas.js';
import { redirectUri } from './identity.rules.js';
import { type IdentityProvider, IdentityProvidersRepository } from './identity-providers.repository.js';
import { OidcClient } from './oidc.client.js';

const MOST_OF_ONE = 20;
const NO_ORGANISATION = 'There is no such organisation of yours.';
const NO_PROVIDER = 'There is no such provider.';

/**
 * Providers at which people log in: of the whole installation (`organisation` null), which administrators look after,
 * or of one organisation, for members with the permission `members`.
 * Errors of every method with a user: `not_found`, `permission_missing`.
 */
@Injectable()
export class IdentityProvidersService {
  constructor(
    private readonly database: DatabaseService,
    private readonly providers: IdentityProvidersRepository,
    private readonly identities: IdentitiesRepository,
    private readonly grants: GrantsService,
    private readonly client: OidcClient,
    @Inject(CONFIG) private readonly config: Pick<Config, 'http'>,
  ) {}

  /** Providers that a login page offers. Errors: `not_found` when there is no such organisation. */
  async open(organisation: string | null) {
    const name = organisation === null ? null : await this.providers.organisationName(organisation);
    if (name === undefined) throw new DomainError('not_found');
    const data = (await this.providers.of(organisation)).filter((one) => one.enabled);
    return { organisation: name, data: data.map(({ id, name }) => ({ id, name })) };
  }

  async list(user: Principal, organisation: string | null): Promise<{ data: ProviderBody[] }> {
    await this.permit(user, organisation);
    return { data: await this.bodies(await this.providers.of(organisation)) };
  }

  /** Errors: `identity_provider_exists`, `too_many_identity_providers` (409), `issuer_refused` (422). */
  async create(user: Principal, organisation: string | null, fields: NewProvider): Promise<ProviderBody> {
    await this.permit(user, organisation);
    const message = this.client.addressProblem(fields.issuer);
    if (message) throw new DomainError('issuer_refused', { errors: [{ path: 'issuer', message }] });
    const id = newId();
    await this.database.transaction(async (tx) => {
      if ((await this.providers.lock(tx, organisation)) >= MOST_OF_ONE)
        throw new DomainError('too_many_identity_providers', { detail: `There can be ${MOST_OF_ONE}.` });
      await this.providers.insert(tx, { ...fields, id, organisationId: organisation });
    });
    return this.body(await this.own(organisation, id));
  }

  /** Errors: `version_mismatch`. */
  async update(
    user: Principal,
    organisation: string | null,
    id: string,
    version: number,
    changes: ProviderChanges,
  ): Promise<ProviderBody> {
    await this.permit(user, organisation);
    await this.own(organisation, id);
    if (!(await this.providers.update(id, version, changes))) throw new DomainError('version_mismatch');
    return this.body(await this.own(organisation, id));
  }

  /** Nobody logs in with it any more: what people were linked by goes with it. */
  async remove(user: Principal, organisation: string | null, id: string): Promise<void> {
    await this.permit(user, organisation);
    await this.own(organisation, id);
    await this.providers.delete(id);
  }

  /** Asks the provider what it says about itself. Errors: `identity_provider_unavailable` with the reason. */
  async look(user: Principal, organisation: string | null, id: string) {
    await this.permit(user, organisation);
    const found = await this.client.look(await this.own(organisation, id));
    return {
      issuer: found.issuer,
      authorizationEndpoint: found.authorization_endpoint!,
      tokenEndpoint: found.token_endpoint!,
      namesItself: found.authorization_response_iss_parameter_supported === true,
      pkce: found.code_challenge_methods_supported?.includes('S256') === true,
    };
  }

  private async permit(user: Principal, organisation: string | null): Promise<void> {
    if (organisation === null) return;
    this.grants.require(user, 'members', { organisationId: organisation }, NO_ORGANISATION);
    if ((await this.providers.organisationName(organisation)) === undefined)
      throw new DomainError('not_found', { detail: NO_ORGANISATION });
  }

  private async own(organisation: string | null, id: string): Promise<IdentityProvider> {
    const found = await this.providers.find(id);
    if (found?.organisationId !== organisation) throw new DomainError('not_found', { detail: NO_PROVIDER });
    return found;
  }

  private async body(provider: IdentityProvider): Promise<ProviderBody> {
    return (await this.bodies([provider]))[0]!;
  }

  private async bodies(providers: readonly IdentityProvider[]): Promise<ProviderBody[]> {
    const people = await this.identities.peopleOf(providers.map(({ id }) => id));
    return providers.map(({ id, name, issuer, clientId, clientSecret, enabled, version, createdAt }) => ({
      id,
      name,
      issuer,
      clientId,
      hasSecret: clientSecret !== null,
      enabled,
      redirectUri: redirectUri(this.config.http.publicUrl, id),
      people: people.get(id) ?? 0,
      version,
      createdAt: createdAt.toISOString(),
    }));
  }
}
