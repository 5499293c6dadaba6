import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { now } from '../../platform/database/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { IdentityEntity } from './identity.entity.js';

export type Subject = Pick<IdentityEntity, 'issuer' | 'subject'>;

/** `identity`: who people are at other providers. */
@Injectable()
export class IdentitiesRepository {
  constructor(@InjectRepository(IdentityEntity) private readonly identities: Repository<IdentityEntity>) {}

  find({ issuer, subject }: Subject): Promise<IdentityEntity | null> {
    return this.identities.findOneBy({ issuer, subject });
  }

  /** Oldest first. */
  of(userId: string): Promise<IdentityEntity[]> {
    return this.identities.find({ where: { userId }, order: { id: 'ASC' } });
  }

  /** Breaks `identity_subject` when it is linked already. */
  async insert(
    tx: Tx,
    identity: Pick<IdentityEntity, 'id' | 'userId' | 'providerId' | 'issuer' | 'subject'>,
  ): Promise<void> {
    await tx.insert(IdentityEntity, identity);
  }

  async used(id: string): Promise<void> {
    await this.identities.update({ id }, { lastUsedAt: now });
  }

  /** @returns false when this person has no such identity */
  async delete(tx: Tx, userId: string, id: string): Promise<boolean> {
    return (await tx.delete(IdentityEntity, { userId, id })).affected === 1;
  }

  count(tx: Tx, userId: string): Promise<number> {
    return tx.countBy(IdentityEntity, { userId });
  }

  /** Nobody logs in to this account by another provider any more. */
  async deleteAll(tx: Tx, userId: string): Promise<void> {
    await tx.delete(IdentityEntity, { userId });
  }

  /** Number of people by the provider at which they were linked. */
  async peopleOf(providerIds: readonly string[]): Promise<Map<string, number>> {
    const rows: { id: string; people: number }[] = await this.identities.query(
      `SELECT provider_id AS id, count(*)::int AS people FROM identity WHERE provider_id = ANY ($1) GROUP BY 1`,
      [providerIds],
    );
    return new Map(rows.map(({ id, people }) => [id, people]));
  }
}
