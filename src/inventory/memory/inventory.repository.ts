import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { SEAT } from '../../platform/common/seat-states.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import {
  type AreaState,
  type CatchUp,
  type Position,
  type Prices,
  type RawFeedRow,
  type Snapshot,
  toFeedRows,
} from './feed.js';

@Injectable()
export class InventoryRepository {
  constructor(private readonly database: DatabaseService) {}

  /** State, deadlines, counters and prices of one event at one `seq`; undefined when it has no inventory. */
  load(eventId: string): Promise<Snapshot | undefined> {
    return this.database.snapshot(async (client) => {
      const { rows } = await client.query<{
        plan_id: string;
        sandbox: boolean;
        epoch: string;
        seq: string;
        price_version: number;
      }>(
        `SELECT e.plan_id, e.sandbox, feed_epoch_v1() AS epoch, i.seq, i.price_version
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
        sandbox: row.sandbox,
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
      'inventory.catch_up',
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
}

async function readSeats(
  client: PoolClient,
  eventId: string,
): Promise<Pick<Snapshot, 'states' | 'deadlines'>> {
  const { rows } = await client.query<{ states: string | null; deadlines: Snapshot['deadlines'] | null }>(
    `SELECT string_agg(state::text, '' ORDER BY n) AS states,
       jsonb_agg(jsonb_build_array(n, extract(epoch FROM hold_until) * 1000, booking_id IS NULL))
         FILTER (WHERE state = ${SEAT.HELD}) AS deadlines
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
