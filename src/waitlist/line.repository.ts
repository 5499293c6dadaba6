import { Injectable } from '@nestjs/common';
import type { ChangeResult } from '../inventory/changes/inventory.service.js';
import { correlationId } from '../platform/common/request-context.js';
import { DatabaseService } from '../platform/database/database.service.js';
import type { AreaStock } from './stock.js';
import type { Collector, WaitingEntry } from './waitlist.rules.js';

/** An event that somebody waits for. */
export interface Line {
  readonly eventId: string;
  /** The sale has ended, or the event was cancelled. */
  readonly over: boolean;
  /** Holds or offers are overdue. */
  readonly overdue: boolean;
  readonly placesReserved: boolean;
  /** Stamp that changes when somebody joins or leaves, or prices change. */
  readonly stamp: string;
}

export interface Standing {
  /** The database's clock in ms. */
  readonly now: number;
  readonly collector: Collector | null;
  readonly areas: AreaStock[];
}

export interface Settled extends ChangeResult {
  readonly made: number;
}

type PlacedEntry = WaitingEntry & { readonly place: string };

/** The lines of events as the matcher sees them. */
@Injectable()
export class LineRepository {
  constructor(private readonly database: DatabaseService) {}

  /** Reads a partial index of the events with a line. */
  lines(): Promise<Line[]> {
    return this.database.statement<Line & Record<string, unknown>>(
      'waitlist.lines',
      `SELECT i.event_id AS "eventId",
         i.status <> 'published' OR clock_timestamp() >= least(i.sale_until, i.ends_at) AS over,
         EXISTS (SELECT FROM booking b WHERE b.event_id = i.event_id AND b.status IN ('held', 'paying')
                 AND b.expires_at <= clock_timestamp()) AS overdue,
         EXISTS (SELECT FROM area_kept k WHERE k.event_id = i.event_id) AS "placesReserved",
         concat_ws(' ', i.waiting, i.price_version, (SELECT max(place) FROM waitlist_entry e
           WHERE e.event_id = i.event_id AND e.state = 'waiting')) AS stamp
       FROM inventory i WHERE i.waiting > 0`,
    );
  }

  /** Areas, and the entries for which seats are collected. */
  async standing(eventId: string): Promise<Standing> {
    const [row] = await this.database.statement<{
      now: number;
      collector: Collector | null;
      areas: AreaStock[] | null;
    }>(
      'waitlist.standing',
      `SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now,
         (SELECT json_build_object('id', id, 'until', extract(epoch FROM collecting_until) * 1000) FROM waitlist_entry
          WHERE event_id = $1 AND state = 'waiting' AND collecting_until IS NOT NULL) AS collector,
         (SELECT json_agg(json_build_object('open', a.capacity - a.held - a.booked + coalesce(k.quantity, 0),
                   'reservedForWaitlist', coalesce(k.quantity, 0), 'reservedUntil', coalesce(k.until, 0), 'price', i.area_prices[a.area + 1])
                 ORDER BY a.area)
          FROM area a JOIN inventory i ON i.event_id = a.event_id
          LEFT JOIN (SELECT area, sum(quantity)::int AS quantity, extract(epoch FROM min(until)) * 1000 AS until
                     FROM area_kept WHERE event_id = $1 GROUP BY area) k ON k.area = a.area
          WHERE a.event_id = $1) AS areas`,
      [eventId],
    );
    return { now: Number(row!.now), collector: row!.collector, areas: row!.areas ?? [] };
  }

  /** Waiting entries, in order, after a place in the line, with the quantity that the limits of the event allow. */
  waiting(eventId: string, after: string, limit: number): Promise<PlacedEntry[]> {
    return this.database.statement<PlacedEntry & Record<string, unknown>>(
      'waitlist.waiting',
      `SELECT e.id, e.place, e.min_quantity AS "minQuantity", e.together, e.accessible, e.categories, e.areas,
         e.max_price::float8 AS "maxPrice", e.bypassed,
         least(e.quantity, i.max_per_booking, i.max_per_buyer - CASE WHEN i.max_per_buyer IS NOT NULL
               THEN buyer_items_v1(e.event_id, e.user_id, clock_timestamp()) END) AS quantity
       FROM waitlist_entry e JOIN inventory i ON i.event_id = e.event_id
       WHERE e.event_id = $1 AND e.state = 'waiting' AND e.place > $2 ORDER BY e.place LIMIT $3`,
      [eventId, after, limit],
    );
  }

  /** Carries out a plan; see waitlist_settle_v1. Outcomes: ok, sale_closed. */
  settle(
    eventId: string,
    plan: object,
    offerSeconds: number,
    collectSeconds: number,
    since: number,
  ): Promise<Settled> {
    return this.database.call<Settled>(
      'waitlist.settle',
      'SELECT waitlist_settle_v1($1, $2, $3, $4, $5, $6) AS result',
      [eventId, since, JSON.stringify(plan), offerSeconds, collectSeconds, correlationId()],
    );
  }

  /** Ends up to `limit` entries of a sale that is over. */
  close(eventId: string, limit: number, since: number): Promise<ChangeResult> {
    return this.database.call('waitlist.close', 'SELECT waitlist_close_v1($1, $2, $3, $4) AS result', [
      eventId,
      since,
      limit,
      correlationId(),
    ]);
  }
}
