import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { z } from 'zod';
import { decodeCursor, encodeCursor, type Page } from '../common/schemas.js';
import type { Tx } from '../database/tx.js';
import { VenueEntity } from './venue.entity.js';
import type { VenueChanges, VenueQuery } from './venues.schemas.js';

const sortKey = z.tuple([z.string(), z.uuid()]);
const literally = (words: string) => words.replace(/[\\%_]/g, '\\$&');

@Injectable()
export class VenuesRepository {
  constructor(@InjectRepository(VenueEntity) private readonly venues: Repository<VenueEntity>) {}

  find(id: string): Promise<VenueEntity | null> {
    return this.venues.findOneBy({ id });
  }

  /** The venue, locked: imports of plans into it take turns. */
  lock(tx: Tx, id: string): Promise<VenueEntity | null> {
    return tx.getRepository(VenueEntity).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async insert(tx: Tx, row: Omit<VenueEntity, 'version' | 'createdAt' | 'updatedAt'>): Promise<VenueEntity> {
    const venues = tx.getRepository(VenueEntity);
    await venues.insert(row);
    return venues.findOneByOrFail({ id: row.id });
  }

  /** @returns false when the version is not the current one */
  async update(tx: Tx, id: string, version: number, changes: VenueChanges): Promise<boolean> {
    const done = await tx
      .createQueryBuilder()
      .update(VenueEntity)
      .set({ ...changes, version: version + 1, updatedAt: () => 'clock_timestamp()' })
      .where({ id, version })
      .execute();
    return done.affected === 1;
  }

  /** @returns false when it was gone already */
  async delete(tx: Tx, id: string): Promise<boolean> {
    return (await tx.getRepository(VenueEntity).delete({ id })).affected === 1;
  }

  async page({ q, city, limit, cursor }: VenueQuery): Promise<Page<VenueEntity>> {
    const matching = this.venues.createQueryBuilder('v');
    if (q)
      matching.andWhere('(v.name ILIKE :q OR v.city ILIKE :q OR v.address ILIKE :q)', {
        q: `%${literally(q)}%`,
      });
    if (city) matching.andWhere('lower(v.city) = lower(:city)', { city });
    const total = await matching.getCount();
    if (cursor) {
      const [name, id] = decodeCursor(cursor, sortKey);
      matching.andWhere('(v.name, v.id) > (:name, :id)', { name, id });
    }
    const found = await matching
      .orderBy({ 'v.name': 'ASC', 'v.id': 'ASC' })
      .take(limit + 1)
      .getMany();
    const data = found.slice(0, limit);
    const last = data.at(-1);
    return { data, next: last && found.length > limit ? encodeCursor([last.name, last.id]) : null, total };
  }
}
