import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service.js';
import type { Tx } from '../database/tx.js';
import type { AreaLayout, Layout } from './layout.js';

/** What is known of a plan without its seats. */
export interface PlanRow {
  id: string;
  venueId: string;
  /** 1, 2, 3 … within the venue. */
  version: number;
  name: string;
  seatCount: number;
  /** Seats and places of areas together. */
  placeCount: number;
  createdAt: Date;
}

export interface PlanSource {
  /** The JSON as it was sent. */
  document: string;
  accessible: string[];
  areas: AreaLayout[];
}

const SUMMARY = `id, venue_id AS "venueId", version, name, seat_count AS "seatCount",
  place_count AS "placeCount", created_at AS "createdAt"`;

@Injectable()
export class PlansRepository {
  constructor(private readonly database: Database) {}

  /** The caller holds the lock of the venue, so that versions follow each other. */
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
    return this.database.source.query(
      `SELECT ${SUMMARY} FROM seating_plan WHERE venue_id = $1 ORDER BY version DESC`,
      [venueId],
    );
  }

  async find(id: string): Promise<PlanRow | undefined> {
    const [row] = await this.database.source.query(`SELECT ${SUMMARY} FROM seating_plan WHERE id = $1`, [id]);
    return row;
  }

  async source(id: string): Promise<PlanSource | undefined> {
    const [row] = await this.database.source.query(
      'SELECT document, accessible, areas FROM seating_plan WHERE id = $1',
      [id],
    );
    return row;
  }

  async layout(id: string): Promise<Layout | undefined> {
    const [row] = await this.database.source.query('SELECT layout FROM seating_plan WHERE id = $1', [id]);
    return row?.layout;
  }
}
