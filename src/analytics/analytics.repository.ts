import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../platform/database/database.service.js';
import type { ClosedPeriod, Period } from './period.rules.js';
import { COUNTERS, type Counter, HOURLY } from './tally.js';

/** Events that are counted. */
export interface Scope {
  readonly organisations?: readonly string[];
  readonly events?: readonly string[];
  /** Only sandbox events, or only others; undefined: whichever are named. */
  readonly sandbox?: boolean;
}

export type Totals = Record<Counter, number> & { currency: string };

export interface PlaceRow {
  isArea: boolean;
  no: number;
  capacity: number;
  blocked: number;
  valid: number;
}

export type PopularRow = Totals & {
  eventId: string;
  title: string;
  startsAt: Date;
  valid: number;
  sellable: number;
};

export type PointRow = Record<(typeof HOURLY)[number], number> & {
  at: string;
  local: string;
  currency: string;
};

export interface CauseRow {
  cause: 'buyer' | 'organizer' | 'event' | 'goodwill';
  currency: string;
  refunds: number;
  returned: number;
  refunded: number;
}

const sums = (counters: readonly string[]) =>
  counters.map((counter) => `coalesce(sum(s.${counter}), 0)::float8 AS ${counter}`).join(', ');

const orZero = (counters: readonly string[]) =>
  counters.map((counter) => `coalesce(s.${counter}, 0)::float8 AS ${counter}`).join(', ');

const PLACES = `LEFT JOIN LATERAL (
  SELECT coalesce(sum(sold - returned), 0)::float8 AS valid, coalesce(sum(capacity - blocked), 0)::float8 AS sellable
  FROM sales_place WHERE event_id = e.id) p ON true`;

/** Reads the rollups and events, never bookings. */
@Injectable()
export class AnalyticsRepository {
  constructor(private readonly database: DatabaseService) {}

  /** Sums by currency. */
  totals(scope: Scope, period: Period): Promise<Totals[]> {
    const { where, values } = conditions(scope, period);
    return this.database.source.query(
      `SELECT e.currency, ${sums(COUNTERS)} FROM sales_day s JOIN event e ON e.id = s.event_id
       WHERE ${where} GROUP BY e.currency ORDER BY e.currency`,
      values,
    );
  }

  /** Events that sold at least one ticket, most tickets first. */
  popular(scope: Scope, period: Period, limit: number): Promise<PopularRow[]> {
    const { where, values } = conditions(scope, period);
    return this.database.source.query(
      `SELECT e.id AS "eventId", e.title, e.starts_at AS "startsAt", e.currency, t.*, p.*
       FROM (SELECT s.event_id, ${sums(COUNTERS)} FROM sales_day s JOIN event e ON e.id = s.event_id
             WHERE ${where} GROUP BY s.event_id HAVING sum(s.tickets) > 0
             ORDER BY sum(s.tickets) DESC, s.event_id LIMIT $${values.length + 1}) t
       JOIN event e ON e.id = t.event_id ${PLACES}
       ORDER BY t.tickets DESC, e.id`,
      [...values, limit],
    );
  }

  places(eventId: string): Promise<PlaceRow[]> {
    return this.database.source.query(
      `SELECT is_area AS "isArea", no, capacity, blocked, sold - returned AS valid FROM sales_place
       WHERE event_id = $1 ORDER BY is_area, no`,
      [eventId],
    );
  }

  /**
   * First minute at whose end all seats and places that are for sale now were sold. Looks at minutes only in hours in
   * which that can have happened, and at no later hour once one ended sold out.
   */
  async soldOutAt(eventId: string): Promise<Date | null> {
    const [row] = await this.database.source.query(
      `WITH place AS (
         SELECT sum(capacity - blocked) AS sellable FROM sales_place WHERE event_id = $1
       ), hours AS (
         SELECT hour, tickets, returned, sum(tickets - returned) OVER (ORDER BY hour) AS after
         FROM sales_hour WHERE event_id = $1
       ), candidates AS (
         SELECT hour, after - tickets + returned AS before FROM hours, place
         WHERE after + returned >= sellable
           AND hour <= coalesce((SELECT min(hour) FROM hours, place WHERE after >= sellable), 'infinity')
       ), minutes AS (
         SELECT m.minute, c.before + sum(m.sold - m.returned) OVER (PARTITION BY c.hour ORDER BY m.minute) AS after
         FROM candidates c
         CROSS JOIN LATERAL (
           SELECT minute, sold, returned FROM sales_minute
           WHERE event_id = $1 AND minute >= c.hour AND minute < c.hour + interval '90 minutes'
             AND date_trunc('hour', minute, (SELECT zone_or_utc_v1(timezone) FROM event WHERE id = $1)) = c.hour
           -- Lest it be joined the other way round, from all minutes.
           OFFSET 0) m
       )
       SELECT min(minute) AS at FROM minutes, place WHERE after >= sellable AND sellable > 0`,
      [eventId],
    );
    return row.at;
  }

  /** Days with any sales. */
  days(scope: Scope, period: ClosedPeriod): Promise<PointRow[]> {
    const { where, values } = conditions(scope, period);
    return this.database.source.query(
      `SELECT s.day::text AS at, s.day::text AS local, e.currency, ${sums(HOURLY)}
       FROM sales_day s JOIN event e ON e.id = s.event_id
       WHERE ${where} GROUP BY s.day, e.currency ORDER BY s.day, e.currency`,
      values,
    );
  }

  /**
   * Every hour of these days, local to the event's place. Steps by half hours, because some clocks change by half an
   * hour.
   */
  hours(eventId: string, { from, to }: ClosedPeriod): Promise<PointRow[]> {
    return this.database.source.query(
      `SELECT to_char(h.hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
              to_char(h.hour AT TIME ZONE e.timezone, 'YYYY-MM-DD"T"HH24:MI') AS local, e.currency, ${orZero(HOURLY)}
       FROM (SELECT id, currency, zone_or_utc_v1(timezone) AS timezone FROM event WHERE id = $1) e
       CROSS JOIN LATERAL (
         SELECT DISTINCT date_trunc('hour', t, e.timezone) AS hour
         FROM generate_series($2::date::timestamp AT TIME ZONE e.timezone - interval '2 hours',
                              ($3::date + 1)::timestamp AT TIME ZONE e.timezone + interval '2 hours', '30 minutes') t) h
       LEFT JOIN sales_hour s ON s.event_id = e.id AND s.hour = h.hour
       WHERE (h.hour AT TIME ZONE e.timezone)::date BETWEEN $2 AND $3 ORDER BY h.hour`,
      [eventId, from, to],
    );
  }

  causes(scope: Scope, period: Period): Promise<CauseRow[]> {
    const { where, values } = conditions(scope, period);
    return this.database.source.query(
      `SELECT s.cause, e.currency, sum(s.refunds)::float8 AS refunds, sum(s.tickets)::float8 AS returned,
              sum(s.amount)::float8 AS refunded
       FROM sales_return s JOIN event e ON e.id = s.event_id
       WHERE ${where} GROUP BY s.cause, e.currency ORDER BY s.cause, e.currency`,
      values,
    );
  }

  /** All that these events have sold. */
  soFar(
    eventIds: readonly string[],
  ): Promise<(Totals & { eventId: string; valid: number; sellable: number })[]> {
    return this.database.source.query(
      `SELECT e.id AS "eventId", e.currency, t.*, p.* FROM event e
       CROSS JOIN LATERAL (SELECT ${sums(COUNTERS)} FROM sales_day s WHERE s.event_id = e.id) t ${PLACES}
       WHERE e.id = ANY ($1)`,
      [eventIds],
    );
  }
}

function conditions(
  { organisations = [], events, sandbox }: Scope,
  { from, to }: Period,
): { where: string; values: unknown[] } {
  const values: unknown[] = [];
  const given: string[] = [];
  const value = (one: unknown) => `$${values.push(one)}`;
  if (organisations.length > 0)
    given.push(`(e.organizer_id = ANY (${value(organisations)}) OR s.event_id = ANY (${value(events)}))`);
  else if (events) given.push(`s.event_id = ANY (${value(events)})`);
  if (sandbox !== undefined) given.push(sandbox ? 'e.sandbox' : 'NOT e.sandbox');
  if (from !== undefined) given.push(`s.day >= ${value(from)}`);
  if (to !== undefined) given.push(`s.day <= ${value(to)}`);
  return { where: given.join(' AND ') || 'true', values };
}
