import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { now } from '../platform/database/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { OrganisationEntity } from './organisation.entity.js';
import type { OrganisationEdit } from './organisations.schemas.js';

@Injectable()
export class OrganisationsRepository {
  constructor(
    @InjectRepository(OrganisationEntity) private readonly organisations: Repository<OrganisationEntity>,
  ) {}

  find(id: string): Promise<OrganisationEntity | null> {
    return this.organisations.findOneBy({ id });
  }

  findAll(ids: readonly string[]): Promise<OrganisationEntity[]> {
    return this.organisations.find({ where: { id: In([...ids]) }, order: { name: 'ASC', id: 'ASC' } });
  }

  async insert(tx: Tx, id: string, name: string): Promise<void> {
    await tx.insert(OrganisationEntity, { id, name });
  }

  /** @returns false when the version is not the current one */
  async update(tx: Tx, id: string, version: number, changes: OrganisationEdit): Promise<boolean> {
    const { affected } = await tx.update(
      OrganisationEntity,
      { id, version },
      { ...changes, version: version + 1, updatedAt: now },
    );
    return affected === 1;
  }

  /** Changes of an organisation's members take turns, so that it keeps an owner. */
  async lock(tx: Tx, id: string): Promise<void> {
    await tx.query('SELECT FROM organisation WHERE id = $1 FOR UPDATE', [id]);
  }

  /** Whether it has shown an event to the public. */
  async hasPublished(id: string): Promise<boolean> {
    const rows: object[] = await this.organisations.query(
      `SELECT FROM event WHERE organizer_id = $1 AND status <> 'draft' LIMIT 1`,
      [id],
    );
    return rows.length > 0;
  }

  /**
   * Given events that are not the organisation's.
   * @param sandbox also those that are not of this kind; undefined: any kind will do
   */
  async foreign(organisationId: string, events: readonly string[], sandbox?: boolean): Promise<string[]> {
    const rows: { id: string }[] = await this.organisations.query(
      `SELECT id FROM unnest($2::uuid[]) AS given (id)
        WHERE NOT EXISTS (SELECT FROM event e WHERE e.id = given.id AND e.organizer_id = $1
                                                  AND e.sandbox = coalesce($3, e.sandbox))`,
      [organisationId, events, sandbox ?? null],
    );
    return rows.map(({ id }) => id);
  }
}
