import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../database/database.service.js';

/** The tables in partitions by quarter: `fact` and `seat_feed`. */
@Injectable()
export class PartitionsRepository {
  constructor(private readonly database: DatabaseService) {}

  /**
   * Creates missing partitions of the coming quarters. Gives up after waiting 200 ms for a lock, since sales would wait
   * behind it. @returns how many were created
   */
  async makeAhead(quarters: number): Promise<number> {
    const [row] = await this.database.statement<{ made: number }>(
      'partition.make',
      'SELECT partitions_ahead_v1($1) AS made',
      [quarters],
    );
    return row!.made;
  }

  /** How many quarters in a row, from the next one on, have a partition in both tables. */
  async countAhead(): Promise<number> {
    const [row] = await this.database.statement<{ ahead: number }>(
      'partition.count_ahead',
      `SELECT coalesce(min(n) FILTER (WHERE missing) - 1, max(n))::int AS ahead FROM (
         SELECT n, bool_or(to_regclass(name || to_char(date_trunc('quarter', now() AT TIME ZONE 'UTC') + n * interval '3 months',
                                                       '_YYYY"q"Q')) IS NULL) AS missing
         FROM generate_series(1, 40) n, unnest('{fact, seat_feed}'::text[]) name GROUP BY n) quarters`,
      [],
    );
    return row!.ahead;
  }
}
