import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Tx } from '../platform/database/tx.js';
import type { Layout } from './layout.js';
import { PlanEntity } from './plan.entity.js';

/** Plan without its seats. */
export type PlanRow = Omit<PlanEntity, 'document' | 'accessible' | 'areas' | 'layout'>;

export type PlanSource = Pick<PlanEntity, 'document' | 'accessible' | 'areas'>;

const SUMMARY = `id, venue_id AS "venueId", version, name, seat_count AS "seatCount",
  place_count AS "placeCount", created_at AS "createdAt"`;

@Injectable()
export class PlansRepository {
  constructor(@InjectRepository(PlanEntity) private readonly plans: Repository<PlanEntity>) {}

  /** Inserts a plan. The caller holds the lock of the venue, so that versions are consecutive. */
  async insert(tx: Tx, id: string, venueId: string, source: PlanSource, layout: Layout): Promise<PlanRow> {
    const places = layout.areas.reduce((sum, area) => sum + area.capacity, layout.seats.length);
    const [row] = await tx.query<PlanRow[]>(
      `INSERT INTO seating_plan (id, venue_id, version, name, seat_count, place_count, document, accessible, areas, layout)
       SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6, $7, $8, $9 FROM seating_plan WHERE venue_id = $2
       RETURNING ${SUMMARY}`,
      [
        id,
        venueId,
        layout.name,
        layout.seats.length,
        places,
        source.document,
        JSON.stringify(source.accessible),
        JSON.stringify(source.areas),
        JSON.stringify(layout),
      ],
    );
    return row!;
  }

  /** Newest first. */
  ofVenue(venueId: string): Promise<PlanRow[]> {
    return this.plans.find({ where: { venueId }, order: { version: 'DESC' } });
  }

  find(id: string): Promise<PlanRow | null> {
    return this.plans.findOneBy({ id });
  }

  source(id: string): Promise<PlanSource | null> {
    return this.plans.findOne({
      select: { id: true, document: true, accessible: true, areas: true },
      where: { id },
    });
  }

  async layout(id: string): Promise<Layout | undefined> {
    const plan = await this.plans.findOne({ select: { id: true, layout: true }, where: { id } });
    return plan?.layout;
  }
}
