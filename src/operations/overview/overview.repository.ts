import { Injectable } from '@nestjs/common';
import { firstIdAt } from '../../platform/common/ids.js';
import { DatabaseService } from '../../platform/database/database.service.js';

export interface HoldCount {
  /** Beginning of the slot, in milliseconds since 1970. */
  readonly slot: number;
  readonly holds: number;
  readonly sold: number;
}

@Injectable()
export class OverviewRepository {
  constructor(private readonly database: DatabaseService) {}

  /** Bookings made since then, by slot, and those of them that were sold: found by their ids, which grow with time. */
  holds(fromMs: number, slotMs: number): Promise<HoldCount[]> {
    return this.database.statement<HoldCount & Record<string, unknown>>(
      'overview.holds',
      `SELECT (floor(extract(epoch FROM created_at) * 1000 / $3::float8) * $3::float8)::float8 AS slot, count(*)::int AS holds,
              count(*) FILTER (WHERE status IN ('confirmed', 'cancelling', 'cancelled'))::int AS sold
       FROM booking WHERE id >= $1 AND created_at >= to_timestamp($2::float8 / 1000) GROUP BY 1`,
      [firstIdAt(fromMs), fromMs, slotMs],
    );
  }
}
