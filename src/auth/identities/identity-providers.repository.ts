import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, Repository } from 'typeorm';
import { LOCK_SEEDS } from '../../platform/database/advisory-locks.js';
import { now } from '../../platform/database/clock.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { Tx } from '../../platform/database/tx.js';
import { IdentityProviderEntity } from './identity-provider.entity.js';

export type { IdentityProviderEntity as IdentityProvider } from './identity-provider.entity.js';

type Fields = Pick<IdentityProviderEntity, 'name' | 'clientId' | 'clientSecret' | 'enabled'>;
export type NewProvider = Fields & Pick<IdentityProviderEntity, 'id' | 'organisationId' | 'issuer'>;

/** `identity_provider`. `organisationId` null: those of the whole installation. */
@Injectable()
export class IdentityProvidersRepository {
  constructor(
    @InjectRepository(IdentityProviderEntity) private readonly providers: Repository<IdentityProviderEntity>,
    private readonly database: DatabaseService,
  ) {}

  find(id: string): Promise<IdentityProviderEntity | null> {
    return this.providers.findOneBy({ id });
  }

  /** In the order in which they were made. */
  of(organisationId: string | null): Promise<IdentityProviderEntity[]> {
    return this.providers.find({
      where: { organisationId: organisationId ?? IsNull() },
      order: { id: 'ASC' },
    });
  }

  named(ids: readonly string[]): Promise<Pick<IdentityProviderEntity, 'id' | 'name'>[]> {
    return this.providers.find({ select: { id: true, name: true }, where: { id: In(ids) } });
  }

  /** Undefined when there is no such organisation. */
  async organisationName(id: string): Promise<string | undefined> {
    const rows = await this.database.statement<{ name: string }>(
      'identity_provider.organisation',
      'SELECT name FROM organisation WHERE id = $1',
      [id],
    );
    return rows[0]?.name;
  }

  /** Counts while nobody else makes one. @returns how many there are */
  async lock(tx: Tx, organisationId: string | null): Promise<number> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, $2))', [
      organisationId ?? '',
      LOCK_SEEDS.identityProviders,
    ]);
    return tx.countBy(IdentityProviderEntity, { organisationId: organisationId ?? IsNull() });
  }

  /** Breaks `identity_provider_issuer` when the issuer is there already. */
  async insert(tx: Tx, provider: NewProvider): Promise<void> {
    await tx.insert(IdentityProviderEntity, provider);
  }

  /** @returns false when it has another version, or is gone */
  async update(id: string, version: number, changes: Partial<Fields>): Promise<boolean> {
    const next = { ...changes, version: version + 1, updatedAt: now };
    return (await this.providers.update({ id, version }, next)).affected === 1;
  }

  async delete(id: string): Promise<void> {
    await this.providers.delete({ id });
  }
}
