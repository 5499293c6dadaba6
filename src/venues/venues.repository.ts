import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { z } from 'zod';
import { type Page, readPage } from '../platform/common/pages.js';
import { now } from '../platform/database/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { VenueEntity } from './venue.entity.js';
import type { VenueChanges, VenueQuery } from './venues.schemas.js';

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
      .set({ ...changes, version: version + 1, updatedAt: now })
      .where({ id, version })
      .execute();
    return done.affected === 1;
  }

  /** Largest plan of drafts and of events on sale that are not over yet; undefined when none is in use. */
  async largestPlanInUse(
    tx: Tx,
    id: string,
  ): Promise<{ id: string; name: string; places: number } | undefined> {
    const [plan] = await tx.query(
      `SELECT id, name, place_count AS places FROM seating_plan p
        WHERE venue_id = $1 AND EXISTS (
          SELECT FROM event e WHERE e.plan_id = p.id AND e.status IN ('draft', 'published') AND e.ends_at > now())
        ORDER BY place_count DESC, id LIMIT 1`,
      [id],
    );
    return plan;
  }

  /** @returns false when it was gone already */
  async delete(tx: Tx, id: string): Promise<boolean> {
    return (await tx.getRepository(VenueEntity).delete({ id })).affected === 1;
  }

  async page({ q, city, ...query }: VenueQuery): Promise<Page<VenueEntity>> {
    const matching = this.venues.createQueryBuilder('v');
    if (q)
      // Each word, also in the middle of one.
      matching.andWhere(
        `search_words_v2(concat_ws(' ', v.name, v.city, v.address)) LIKE ALL (
           SELECT '%' || word || '%' FROM regexp_split_to_table(search_words_v2(:q), ' ') AS word)`,
        { q },
      );
    if (city) matching.andWhere('search_fold_v2(v.city) = search_fold_v2(:city)', { city });
    const total = await matching.getCount();
    const page = await readPage<[string, string], VenueEntity>(
      query,
      z.tuple([z.string(), z.uuid()]),
      ({ name, id }) => [name, id],
      (count, after) => {
        if (after) matching.andWhere('(v.name, v.id) > (:...after)', { after });
        return matching.orderBy({ 'v.name': 'ASC', 'v.id': 'ASC' }).take(count).getMany();
      },
    );
    return { ...page, total };
  }
}
