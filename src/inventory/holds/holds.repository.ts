import { Injectable } from '@nestjs/common';
import type { Span } from '@opentelemetry/api';
import type { ErrorCode } from '../../platform/common/error-codes.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { HOLD_OUTCOMES } from '../../platform/database/hold-outcomes.js';
import { type FeedRow, toFeedRows } from '../memory/feed.js';
import type { Wish } from './best-available.rules.js';

/** One hold as the batch function takes it. Ids are made before the call and kept for its retries. */
export interface Claim {
  readonly id: string;
  readonly code: string;
  readonly userId: string;
  readonly key: string | null;
  /** sha256 of the request in hex, when there is a key. */
  readonly hash: string | null;
  readonly correlationId: string | null;
  /** Span of the request, when it is traced. */
  readonly span?: Span | undefined;
  readonly items: readonly ClaimItem[];
  /** For items without seat or area: picked by the database, under the lock. */
  readonly wish: Wish | null;
}

export interface ClaimItem {
  readonly id: string;
  readonly n: number | null;
  readonly area: number | null;
}

/** A hold that is in the database. */
export interface Held {
  readonly id: string;
  readonly code: string;
  readonly currency: string;
  readonly total: number;
  readonly expiresAt: string;
  readonly items: readonly { id: string; n: number | null; area: number | null; price: number }[];
  /** True when an idempotency key answered with the hold it had made before. */
  readonly replayed: boolean;
}

export type ClaimOutcome = { held: Held } | { refused: ErrorCode };

export interface BatchResult {
  readonly outcomes: ClaimOutcome[];
  /** Seats of this batch that were not free. */
  readonly conflicts: Set<number>;
  readonly seq: number | null;
  readonly rows: FeedRow[] | null;
  readonly now: number | null;
}

interface RawFact {
  id: string;
  code: string;
  currency: string;
  total: number;
  expiresAt: string;
  items: [id: string, n: number | null, area: number | null, price: number][];
}

interface RawBatch {
  outcomes: number[];
  replays: Record<string, RawFact> | null;
  conflicts: number[] | null;
  picked: (number | null)[];
  prices: (string | null)[] | null;
  now_ms: number | null;
  until_ms: number | null;
  price_currency: string | null;
  seq: string | null;
  rows: Parameters<typeof toFeedRows>[0] | null;
}

@Injectable()
export class HoldsRepository {
  constructor(private readonly database: DatabaseService) {}

  /** One autocommitted call for the whole batch; see hold_batch_v1. */
  async claim(eventId: string, since: number, claims: readonly Claim[]): Promise<BatchResult> {
    const reqs: number[] = [];
    const itemIds: string[] = [];
    const seats: (number | null)[] = [];
    const areas: (number | null)[] = [];
    const wishes: Record<number, Wish> = {};
    claims.forEach((claim, index) => {
      if (claim.wish) wishes[index + 1] = claim.wish;
      for (const item of claim.items) {
        reqs.push(index + 1);
        itemIds.push(item.id);
        seats.push(item.n);
        areas.push(item.area);
      }
    });
    const [raw] = await this.database.statement<RawBatch>(
      'hold.batch',
      'SELECT * FROM hold_batch_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
      [
        eventId,
        since,
        claims.map((c) => c.id),
        claims.map((c) => c.userId),
        claims.map((c) => c.code),
        claims.map((c) => c.key),
        claims.map((c) => c.hash),
        claims.map((c) => c.correlationId),
        reqs,
        itemIds,
        seats,
        areas,
        JSON.stringify(wishes),
      ],
    );
    return toResult(claims, raw!);
  }

  /** Finds which of these holds are in the database, on a new connection after one died in the middle of a batch. */
  async find(eventId: string, ids: readonly string[]): Promise<Map<string, Held>> {
    const rows = await this.database.statement<{ id: string; data: Omit<RawFact, 'id'> }>(
      'hold.find',
      `SELECT b.id, f.data FROM booking b
       JOIN fact f ON f.stream_id = b.id AND f.version = 1 AND f.stream = 'booking'
       WHERE b.event_id = $1 AND b.id = ANY ($2)`,
      [eventId, ids],
    );
    return new Map(rows.map(({ id, data }) => [id, fromFact({ id, ...data }, false)]));
  }

  /** Requests whose idempotency key was used before. */
  async usedKeys<R extends Pick<Claim, 'userId' | 'key'>>(requests: readonly R[]): Promise<Set<R>> {
    if (requests.length === 0) return new Set();
    const rows = await this.database.statement<{ user_id: string; key: string }>(
      'hold.used_keys',
      `SELECT i.user_id, i.key FROM unnest($1::uuid[], $2::text[]) AS k (user_id, key)
       JOIN idempotency_key i ON i.user_id = k.user_id AND i.key = k.key`,
      [requests.map((r) => r.userId), requests.map((r) => r.key)],
    );
    const used = new Set(rows.map((row) => `${row.user_id} ${row.key}`));
    return new Set(requests.filter((r) => used.has(`${r.userId} ${r.key}`)));
  }

  /** Bookings that hold seats for a while, by state, and those among them that should have ended; reads the partial index only. */
  openBookings(): Promise<{ status: string; count: number; overdue: number }[]> {
    return this.database.statement(
      'booking.count_open',
      `SELECT status, count(*)::int AS count,
              (count(*) FILTER (WHERE expires_at < clock_timestamp() - interval '1 minute'))::int AS overdue
       FROM booking WHERE status IN ('held', 'paying') GROUP BY status`,
    );
  }
}

function toResult(claims: readonly Claim[], raw: RawBatch): BatchResult {
  const expiresAt = new Date(raw.until_ms ?? 0).toISOString();
  let position = 0;
  const outcomes = claims.map((claim, index): ClaimOutcome => {
    const from = position;
    position += claim.items.length;
    const outcome = HOLD_OUTCOMES[raw.outcomes[index]!]!;
    if (outcome === 'replay') return { held: fromFact(raw.replays![index + 1]!, true) };
    if (outcome !== 'held') return { refused: outcome };
    const items = claim.items.map((item, i) => ({
      id: item.id,
      n: raw.picked[from + i]!,
      area: item.area,
      price: Number(raw.prices![from + i]),
    }));
    const total = items.reduce((sum, item) => sum + item.price, 0);
    return {
      held: {
        id: claim.id,
        code: claim.code,
        currency: raw.price_currency!,
        total,
        expiresAt,
        items,
        replayed: false,
      },
    };
  });
  return {
    outcomes,
    conflicts: new Set(raw.conflicts ?? []),
    seq: raw.seq === null ? null : Number(raw.seq),
    rows: raw.rows && toFeedRows(raw.rows),
    now: raw.now_ms,
  };
}

function fromFact({ id, code, currency, total, expiresAt, items }: RawFact, replayed: boolean): Held {
  return {
    id,
    code,
    currency,
    total,
    expiresAt: new Date(expiresAt).toISOString(),
    items: items.map(([itemId, n, area, price]) => ({ id: itemId, n, area, price })),
    replayed,
  };
}
