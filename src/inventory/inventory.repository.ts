import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { Database } from '../database/database.service.js';
import {
  type AreaState,
  type BookingChange,
  type CatchUp,
  type ChangeResult,
  type Position,
  type Prices,
  type RawFeedRow,
  type Snapshot,
  toFeedRows,
} from './feed.js';

@Injectable()
export class InventoryRepository {
  constructor(private readonly database: Database) {}

  /** State, deadlines, counters and prices of one event at one `seq`; undefined when it has no inventory. */
  load(eventId: string): Promise<Snapshot | undefined> {
    return this.database.snapshot(async (client) => {
      const { rows } = await client.query<{
        plan_id: string;
        epoch: string;
        seq: string;
        price_version: number;
      }>(
        `SELECT e.plan_id, feed_epoch_v1() AS epoch, i.seq, i.price_version
         FROM inventory i JOIN event e ON e.id = i.event_id WHERE i.event_id = $1`,
        [eventId],
      );
      const row = rows[0];
      if (!row) return undefined;
      const [seats, areas] = [await readSeats(client, eventId), await readAreas(client, eventId)];
      const prices = await readPrices(client, eventId);
      return {
        ...seats,
        ...prices,
        areas,
        planId: row.plan_id,
        epoch: row.epoch,
        seq: Number(row.seq),
        priceVersion: row.price_version,
      };
    });
  }

  /** Prices and the version they have; read again when a feed row shows another version. */
  prices(eventId: string): Promise<Prices> {
    return this.database.snapshot(async (client) => {
      const { rows } = await client.query('SELECT price_version FROM inventory WHERE event_id = $1', [
        eventId,
      ]);
      return { ...(await readPrices(client, eventId)), priceVersion: rows[0].price_version };
    });
  }

  /** One query for all events in use: their newest feed rows, the epoch and the database's clock. */
  async catchUp(positions: readonly Position[]): Promise<{ epoch: string; now: number; events: CatchUp[] }> {
    const [row] = await this.database.statement<{
      epoch: string;
      now: number;
      events: [string, number, RawFeedRow[] | null, number | null][] | null;
    }>(
      'inventory_catch_up',
      `SELECT feed_epoch_v1() AS epoch, extract(epoch FROM clock_timestamp()) * 1000 AS now,
         (SELECT jsonb_agg(jsonb_build_array(i.event_id, i.seq,
            CASE WHEN i.seq = w.seq THEN '[]' ELSE feed_since_v1(i.event_id, w.seq, i.seq) END,
            CASE WHEN i.seq <> w.seq THEN (SELECT extract(epoch FROM clock_timestamp() - f.at) FROM seat_feed f
              WHERE f.event_id = i.event_id AND f.seq = i.seq) END))
          FROM unnest($1::uuid[], $2::bigint[]) AS w (event_id, seq) JOIN inventory i ON i.event_id = w.event_id) AS events`,
      [positions.map((p) => p.eventId), positions.map((p) => p.seq)],
    );
    const events = (row!.events ?? []).map(([eventId, seq, rows, age]) => ({
      eventId,
      seq,
      age,
      rows: rows && toFeedRows(rows),
    }));
    return { epoch: row!.epoch, now: Number(row!.now), events };
  }

  /**
   * Counts the free seats and places that have a price, for at most `limit` events whose feed has moved on since they were
   * last counted. Seats and seq come from one snapshot.
   * @returns how many events were counted
   */
  async recountFreePlaces(limit: number): Promise<number> {
    const rows = await this.database.statement(
      'inventory_recount',
      `WITH due AS (
         SELECT i.event_id, i.seq FROM inventory i JOIN event_listing l ON l.event_id = i.event_id
         WHERE i.seq <> l.counted_seq LIMIT $1)
       UPDATE event_listing l SET counted_seq = due.seq, free_places =
         (SELECT count(*) FROM seat s JOIN price_tier t ON t.event_id = s.event_id AND t.category = s.category
          WHERE s.event_id = due.event_id AND s.state = 0)
         + (SELECT coalesce(sum(a.capacity - a.held - a.booked), 0)
            FROM area a JOIN price_tier t ON t.event_id = a.event_id AND t.area = a.area WHERE a.event_id = due.event_id)
       FROM due WHERE l.event_id = due.event_id RETURNING l.event_id`,
      [limit],
    );
    return rows.length;
  }

  /** Ends up to `limit` overdue bookings of an event. */
  async sweep(eventId: string, since: number, limit: number): Promise<ChangeResult> {
    return this.change('inventory_sweep', 'SELECT inventory_sweep_v1($1, $2, $3) AS result', [
      eventId,
      since,
      limit,
    ]);
  }

  /** Events that have overdue bookings; reads the partial index only. */
  async overdueEvents(limit: number): Promise<string[]> {
    const rows = await this.database.statement<{ event_id: string }>(
      'inventory_overdue',
      `SELECT DISTINCT event_id FROM booking WHERE status IN ('held', 'paying') AND expires_at <= clock_timestamp() LIMIT $1`,
      [limit],
    );
    return rows.map((row) => row.event_id);
  }

  /** Bookings that hold seats for a while, by state, and those among them that should have ended; reads the partial index only. */
  openBookings(): Promise<{ status: string; count: number; overdue: number }[]> {
    return this.database.statement(
      'booking_open',
      `SELECT status, count(*)::int AS count,
              (count(*) FILTER (WHERE expires_at < clock_timestamp() - interval '1 minute'))::int AS overdue
       FROM booking WHERE status IN ('held', 'paying') GROUP BY status`,
    );
  }

  /** Blocks or unblocks at most 1,000 seats. Outcomes: ok, event_not_on_sale, unknown_seats, seats_not_blockable. */
  block(
    eventId: string,
    since: number,
    seats: number[],
    block: boolean,
    actor: string,
    correlation: string | null,
  ) {
    return this.change('inventory_block', 'SELECT seats_block_v1($1, $2, $3, $4, $5, $6) AS result', [
      eventId,
      since,
      seats,
      block,
      actor,
      correlation,
    ]);
  }

  /** Runs one transition of a booking; see booking_change_v1 for the actions and outcomes. */
  changeBooking(change: BookingChange, since: number): Promise<ChangeResult> {
    return this.change(
      'booking_change',
      'SELECT booking_change_v1($1, $2, $3, $4, $5, $6, $7, $8, $9) AS result',
      [
        change.eventId,
        change.bookingId,
        change.action,
        change.userId,
        change.items ?? null,
        change.seconds ?? 0,
        since,
        change.actor,
        change.correlationId,
      ],
    );
  }

  private async change(name: string, text: string, values: unknown[]): Promise<ChangeResult> {
    const [row] = await this.database.statement<{ result: ChangeResult }>(name, text, values);
    return row!.result;
  }
}

async function readSeats(
  client: PoolClient,
  eventId: string,
): Promise<Pick<Snapshot, 'states' | 'deadlines'>> {
  const { rows } = await client.query<{ states: string | null; deadlines: Snapshot['deadlines'] | null }>(
    `SELECT string_agg(state::text, '' ORDER BY n) AS states,
       jsonb_agg(jsonb_build_array(n, extract(epoch FROM hold_until) * 1000, booking_id IS NULL))
         FILTER (WHERE state = 1) AS deadlines
     FROM seat WHERE event_id = $1`,
    [eventId],
  );
  return { states: rows[0]!.states ?? '', deadlines: rows[0]!.deadlines ?? [] };
}

async function readAreas(client: PoolClient, eventId: string): Promise<AreaState[]> {
  const { rows } = await client.query<AreaState>(
    'SELECT name, capacity, held, booked FROM area WHERE event_id = $1 ORDER BY area',
    [eventId],
  );
  return rows;
}

async function readPrices(client: PoolClient, eventId: string): Promise<Omit<Prices, 'priceVersion'>> {
  const { rows } = await client.query<{ category: number | null; area: number | null; price: string }>(
    'SELECT category, area, price FROM price_tier WHERE event_id = $1',
    [eventId],
  );
  const categoryPrices: (number | null)[] = [];
  const areaPrices: (number | null)[] = [];
  for (const { category, area, price } of rows) {
    if (category !== null) categoryPrices[category] = Number(price);
    if (area !== null) areaPrices[area] = Number(price);
  }
  return {
    categoryPrices: Array.from(categoryPrices, (p) => p ?? null),
    areaPrices: Array.from(areaPrices, (p) => p ?? null),
  };
}
