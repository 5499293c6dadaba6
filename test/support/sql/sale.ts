import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import { HOLD_OUTCOMES } from '../../../src/platform/database/hold-outcomes.js';

/** Far ahead of every feed, so that results carry no rows. */
const NO_ROWS = '9223372036854775000';

export interface Check {
  readonly name: string;
  run(sale: SqlSale): Promise<void>;
}

export interface Wanted {
  readonly n?: number;
  readonly area?: number;
}

export interface Request {
  readonly user?: string;
  readonly items: readonly Wanted[];
  readonly best?: object;
  readonly key?: string;
  readonly hash?: string;
}

export interface Held {
  readonly outcome: string;
  readonly id: string;
  readonly user: string;
  /** In the order of the request; null where nothing was picked. */
  readonly seats: (number | null)[];
  readonly prices: number[];
  readonly items: string[];
}

/** The answer of a function: `outcome` and what else it has to say. */
export type Answer = Record<string, unknown> & { outcome: string };

/**
 * One event on sale, made and changed by SQL alone, inside a transaction that is rolled back. Seats 0 to 9 are row 0 at 5000, seats 10 to 19
 * row 1 at 3000, seat 20 has no price; 9 and 19 are accessible. Area 0 has five places at 2000, area 1 has no price.
 */
export class SqlSale {
  readonly event = randomUUID();
  readonly organizer = randomUUID();

  constructor(readonly db: pg.ClientBase) {}

  async open(): Promise<this> {
    const [venue, plan] = [randomUUID(), randomUUID()];
    await this.rows(
      `INSERT INTO venue (id, organizer_id, name, address, city, country, timezone, capacity)
       VALUES ($1, $2, 'Hall', 'Way 1', 'Graz', 'AT', 'Europe/Vienna', 30)`,
      [venue, this.organizer],
    );
    await this.rows(
      `INSERT INTO seating_plan (id, venue_id, version, name, seat_count, place_count, document, accessible, areas, layout)
       VALUES ($1, $2, 1, 'Plan', 21, 30, '{}', '[]', '[]', '{}')`,
      [plan, venue],
    );
    await this.rows(
      `INSERT INTO event (id, organizer_id, venue_id, plan_id, title, category, status, starts_at, ends_at, timezone, currency,
                          sale_starts_at, sale_ends_at, max_seats_per_booking, max_seats_per_buyer, hold_seconds, published_at)
       VALUES ($1, $2, $3, $4, 'Show', 'concert', 'published', now() + interval '2 days', now() + interval '3 days',
               'Europe/Vienna', 'EUR', now() - interval '1 day', now() + interval '1 day', 6, 8, 600, now())`,
      [this.event, this.organizer, venue, plan],
    );
    await this.rows(
      `INSERT INTO inventory (event_id, status, sale_from, sale_until, ends_at, currency, seat_count, max_per_booking, max_per_buyer,
                              hold_seconds)
       SELECT id, 'published', sale_starts_at, sale_ends_at, ends_at, currency, 21, max_seats_per_booking, max_seats_per_buyer,
              hold_seconds FROM event WHERE id = $1`,
      [this.event],
    );
    await this.rows(
      `INSERT INTO price_tier (event_id, no, name, price, category, area, applies_to)
       VALUES ($1, 0, 'A', 5000, 0, NULL, 'A'), ($1, 1, 'B', 3000, 1, NULL, 'B'), ($1, 2, 'Floor', 2000, NULL, 0, 'Floor')`,
      [this.event],
    );
    await this.rows(
      `INSERT INTO area (event_id, area, name, capacity) VALUES ($1, 0, 'Floor', 5), ($1, 1, 'Balcony', 5)`,
      [this.event],
    );
    await this.rows(
      `INSERT INTO seat (event_id, n, category, section, run, accessible)
       SELECT $1, n, n / 10, 0, n / 10, n IN (9, 19) FROM generate_series(0, 20) n`,
      [this.event],
    );
    return this;
  }

  async rows<R extends pg.QueryResultRow = Record<string, never>>(
    sql: string,
    values: unknown[] = [],
  ): Promise<R[]> {
    return (await this.db.query<R>(sql, values)).rows;
  }

  async one<R extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<R> {
    const rows = await this.rows<R>(sql, values);
    assert.equal(rows.length, 1, sql);
    return rows[0]!;
  }

  /** Calls a function that answers with jsonb. */
  async call(name: string, ...values: unknown[]): Promise<Answer> {
    const places = values.map((_, i) => `$${i + 1}`).join(', ');
    return (await this.one<{ answer: Answer }>(`SELECT ${name}(${places}) AS answer`, values)).answer;
  }

  /** Sets columns of the event's inventory. */
  async set(assignments: string): Promise<void> {
    await this.rows(`UPDATE inventory SET ${assignments} WHERE event_id = $1`, [this.event]);
  }

  async batch(requests: readonly Request[], since: string | number = NO_ROWS) {
    const ids = requests.map(() => randomUUID());
    const users = requests.map(({ user }) => user ?? randomUUID());
    const items = requests.flatMap((request, k) =>
      request.items.map((item) => ({ ...item, req: k + 1, id: randomUUID() })),
    );
    const best = Object.fromEntries(requests.flatMap(({ best }, k) => (best ? [[k + 1, best]] : [])));
    const row = await this.one<{
      outcomes: number[];
      replays: Record<string, { id: string }> | null;
      conflicts: number[] | null;
      picked: (number | null)[];
      prices: string[] | null;
      rows: unknown[][] | null;
      seq: string;
      now_ms: number;
      until_ms: number;
    }>('SELECT * FROM hold_batch_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)', [
      this.event,
      since,
      ids,
      users,
      ids.map((id) => id.slice(-12)),
      requests.map(({ key }) => key ?? null),
      requests.map(({ key, hash }) => (key ? (hash ?? 'aa') : null)),
      requests.map(() => 'corr'),
      items.map(({ req }) => req),
      items.map(({ id }) => id),
      items.map(({ n }) => n ?? null),
      items.map(({ area }) => area ?? null),
      JSON.stringify(best),
    ]);
    const held = requests.map((_, k): Held => {
      const own = items.flatMap(({ req }, i) => (req === k + 1 ? [i] : []));
      return {
        outcome: HOLD_OUTCOMES[row.outcomes[k]!]!,
        id: ids[k]!,
        user: users[k]!,
        seats: own.map((i) => row.picked[i]!),
        prices: own.map((i) => Number(row.prices?.[i])),
        items: own.map((i) => items[i]!.id),
      };
    });
    return { ...row, held };
  }

  /** One hold that must come about. */
  async hold(items: readonly Wanted[], request: Omit<Request, 'items'> = {}): Promise<Held> {
    const { held } = await this.batch([{ ...request, items }]);
    assert.equal(held[0]!.outcome, 'held');
    return held[0]!;
  }

  async outcome(items: readonly Wanted[], request: Omit<Request, 'items'> = {}): Promise<string> {
    return (await this.batch([{ ...request, items }])).held[0]!.outcome;
  }

  change(
    booking: string,
    action: string,
    { user = null as string | null, items = null as string[] | null, seconds = 900 } = {},
  ) {
    return this.call(
      'booking_change_v1',
      this.event,
      booking,
      action,
      user,
      items,
      seconds,
      NO_ROWS,
      user,
      'corr',
    );
  }

  extend(booking: string, user: string | null = null): Promise<Answer> {
    return this.call('booking_extend_v1', this.event, booking, user, NO_ROWS, user, 'corr');
  }

  restore(booking: string, ids: string[] | null): Promise<Answer> {
    return this.call('booking_restore_v1', this.event, booking, ids, NO_ROWS, null, 'corr');
  }

  async expects(answer: Promise<Answer>, outcome: string): Promise<Answer> {
    const found = await answer;
    assert.equal(found.outcome, outcome);
    return found;
  }

  /** Held, paid, sold. */
  async sell(items: readonly Wanted[], request: Omit<Request, 'items'> = {}): Promise<Held> {
    const held = await this.hold(items, request);
    await this.expects(this.change(held.id, 'pay'), 'ok');
    await this.expects(this.change(held.id, 'confirm'), 'ok');
    return held;
  }

  /** As if a hold had been made so much earlier. */
  async age({ id }: Pick<Held, 'id'>, seconds: number): Promise<void> {
    await this.rows(
      `UPDATE booking SET expires_at = expires_at - make_interval(secs => $2), held_until = held_until - make_interval(secs => $2)
       WHERE id = $1`,
      [id, seconds],
    );
    await this.rows(
      'UPDATE seat SET hold_until = hold_until - make_interval(secs => $2) WHERE booking_id = $1 AND hold_until IS NOT NULL',
      [id, seconds],
    );
  }

  /** From here on no time passes: functions look for their clock in this schema first. */
  async freeze(): Promise<void> {
    const { now } = await this.one<{ now: string }>('SELECT clock_timestamp()::text AS now');
    await this.rows('CREATE SCHEMA frozen');
    await this.rows(
      `CREATE FUNCTION frozen.clock_timestamp() RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$ SELECT timestamptz '${now}' $$`,
    );
    await this.rows('SET LOCAL search_path = frozen, public, pg_catalog');
  }

  /** From here on rows are read as they lie in their tables, not in the order of an index. */
  async withoutIndexes(): Promise<void> {
    for (const way of ['indexscan', 'indexonlyscan', 'bitmapscan'])
      await this.rows(`SET LOCAL enable_${way} = off`);
  }

  /** A statement that must fail with this SQLSTATE, and changes nothing. */
  async refuses(sql: string, code: string): Promise<void> {
    await this.rows('SAVEPOINT refused');
    await assert.rejects(this.rows(sql), { code }, sql);
    await this.rows('ROLLBACK TO SAVEPOINT refused');
  }

  /** State of each seat asked for: letters of free, held, kept, sold (booked), off (blocked). */
  async seats(from = 0, to = 20): Promise<string> {
    const { line } = await this.one<{ line: string }>(
      `SELECT string_agg(CASE state WHEN ${SEAT.FREE} THEN 'f' WHEN ${SEAT.HELD} THEN CASE WHEN booking_id IS NULL THEN 'k' ELSE 'h' END
                         WHEN ${SEAT.BOOKED} THEN 's' ELSE 'o' END, '' ORDER BY n) AS line
       FROM seat WHERE event_id = $1 AND n BETWEEN $2 AND $3`,
      [this.event, from, to],
    );
    return line;
  }

  async area(area = 0): Promise<{ held: number; booked: number }> {
    return this.one('SELECT held, booked FROM area WHERE event_id = $1 AND area = $2', [this.event, area]);
  }

  /** Until when a booking holds, in seconds from now, and how it stands. */
  async booking(id: string) {
    return this.one<{
      status: string;
      left: number;
      held: number;
      tries: number;
      version: number;
      extended: boolean;
      entry: string | null;
    }>(
      `SELECT status, extract(epoch FROM expires_at - clock_timestamp())::float8 AS left,
              extract(epoch FROM held_until - clock_timestamp())::float8 AS held, tries, version, extended, entry_id AS entry
       FROM booking WHERE id = $1`,
      [id],
    );
  }

  async items(id: string): Promise<{ status: string; n: number | null; price: number }[]> {
    return this.rows(
      'SELECT status, n, area, price::int AS price FROM booking_item WHERE booking_id = $1 ORDER BY n, area, id',
      [id],
    );
  }

  /** Facts of a stream, oldest first. */
  async facts(
    stream: string,
  ): Promise<{ type: string; version: number; data: Record<string, unknown>; actor: string | null }[]> {
    return this.rows('SELECT type, version, data, actor FROM fact WHERE stream_id = $1 ORDER BY version', [
      stream,
    ]);
  }

  /** The last row of the feed. */
  async feed() {
    return this.one<{
      seq: number;
      changes: number[];
      areas: number[];
      kept: number[];
      held: number | null;
      keptFor: number | null;
      age: number;
      now: number;
    }>(
      `SELECT f.seq::int AS seq, f.changes, f.areas, f.kept, extract(epoch FROM f.hold_until - clock_timestamp())::float8 AS held,
              extract(epoch FROM f.kept_until - clock_timestamp())::float8 AS "keptFor",
              extract(epoch FROM clock_timestamp() - f.at)::float8 AS age, i.seq::int AS now
       FROM seat_feed f JOIN inventory i ON i.event_id = f.event_id WHERE f.event_id = $1 ORDER BY f.seq DESC LIMIT 1`,
      [this.event],
    );
  }

  /** Somebody joins the line. */
  async join(
    wish: {
      user?: string;
      quantity?: number;
      min?: number;
      maxPrice?: number | null;
      available?: boolean;
      key?: string;
    } = {},
  ) {
    const [id, user] = [randomUUID(), wish.user ?? randomUUID()];
    const quantity = wish.quantity ?? 2;
    const answer = await this.call(
      'waitlist_join_v1',
      this.event,
      id,
      user,
      quantity,
      wish.min ?? quantity,
      false,
      false,
      null,
      null,
      wish.maxPrice ?? null,
      wish.key ?? null,
      'waitlist',
      wish.key ? Buffer.from('aa', 'hex') : null,
      wish.available ?? false,
      'corr',
    );
    return { id, user, outcome: answer.outcome };
  }

  async entry(id: string) {
    return this.one<{
      state: string;
      version: number;
      bypassed: number;
      booking: string | null;
      left: number | null;
      collecting: number | null;
    }>(
      `SELECT state, version, bypassed, booking_id AS booking, extract(epoch FROM offer_until - clock_timestamp())::float8 AS left,
              extract(epoch FROM collecting_until - clock_timestamp())::float8 AS collecting
       FROM waitlist_entry WHERE id = $1`,
      [id],
    );
  }

  async waiting(): Promise<number> {
    return (
      await this.one<{ waiting: number }>('SELECT waiting FROM inventory WHERE event_id = $1', [this.event])
    ).waiting;
  }

  settle(plan: object, { offer = 300, collect = 120 } = {}): Promise<Answer> {
    return this.call(
      'waitlist_settle_v1',
      this.event,
      NO_ROWS,
      JSON.stringify({
        restart: false,
        offers: [],
        bypassed: [],
        collect: null,
        keep: [],
        free: [],
        areas: [],
        ...plan,
      }),
      offer,
      collect,
      'corr',
    );
  }

  /** An offer as the matcher plans it. */
  offer(entry: string, wish: { seats?: number[]; area?: number; quantity?: number; bypassed?: string[] }) {
    const { seats = [], area = null, bypassed = [] } = wish;
    const quantity = wish.quantity ?? seats.length;
    const booking = randomUUID();
    const items = Array.from({ length: quantity }, () => randomUUID());
    return { entry, booking, code: booking.slice(-12), items, seats, area, bypassed };
  }
}

/** Within two seconds of it. */
export const near = (found: number | null, seconds: number): void =>
  assert.ok(found !== null && Math.abs(found - seconds) < 2, `${found} is not about ${seconds}`);

/** Runs a check in a transaction that leaves nothing behind. */
export async function runCheck(db: pg.ClientBase, check: Check, before?: () => Promise<void>): Promise<void> {
  await db.query('BEGIN');
  try {
    await before?.();
    await check.run(await new SqlSale(db).open());
  } finally {
    await db.query('ROLLBACK');
  }
}
