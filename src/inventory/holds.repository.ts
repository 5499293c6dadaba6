import { Injectable } from '@nestjs/common';
import type { Span } from '@opentelemetry/api';
import type { ErrorCode } from '../common/error-codes.js';
import { Database } from '../database/database.service.js';
import type { Wish } from './best-available.rules.js';
import { type FeedRow, toFeedRows } from './feed.js';

/** One hold as the batch function takes it. Ids are made before the call and kept for its retries. */
export interface Claim {
  readonly id: string;
  readonly code: string;
  readonly userId: string;
  readonly key: string | null;
  /** sha256 of the request in hex, when there is a key. */
  readonly hash: string | null;
  readonly correlationId: string | null;
  /** Of the request, when it is traced. */
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

/** By the number that hold_batch_v1 gives; 0 is held, 10 a replay. */
const REFUSALS: Partial<Record<number, ErrorCode>> = {
  1: 'seats_taken',
  2: 'area_full',
  3: 'sale_closed',
  4: 'event_not_on_sale',
  5: 'too_many_seats',
  6: 'buyer_limit_reached',
  7: 'unknown_seats',
  8: 'unknown_area',
  9: 'seat_not_priced',
  11: 'idempotency_key_reused',
  12: 'idempotency_in_flight',
  13: 'sold_out',
  14: 'no_adjacent_seats',
  15: 'event_ended',
};

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
  constructor(private readonly database: Database) {}

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
      'hold_batch_v1',
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

  /** Which of these holds are in the database: asked on a new connection after one died in the middle of a batch. */
  async find(eventId: string, ids: readonly string[]): Promise<Map<string, Held>> {
    const rows = await this.database.statement<{ id: string; data: Omit<RawFact, 'id'> }>(
      'holds_find',
      `SELECT b.id, f.data FROM booking b
       JOIN fact f ON f.stream_id = b.id AND f.version = 1 AND f.stream = 'booking'
       WHERE b.event_id = $1 AND b.id = ANY ($2)`,
      [eventId, ids],
    );
    return new Map(rows.map(({ id, data }) => [id, fromFact({ id, ...data }, false)]));
  }

  /** Those of the requests whose idempotency key was used before. */
  async usedKeys<R extends Pick<Claim, 'userId' | 'key'>>(requests: readonly R[]): Promise<Set<R>> {
    if (requests.length === 0) return new Set();
    const rows = await this.database.statement<{ user_id: string; key: string }>(
      'holds_used_keys',
      `SELECT i.user_id, i.key FROM unnest($1::uuid[], $2::text[]) AS k (user_id, key)
       JOIN idempotency_key i ON i.user_id = k.user_id AND i.key = k.key`,
      [requests.map((r) => r.userId), requests.map((r) => r.key)],
    );
    const used = new Set(rows.map((row) => `${row.user_id} ${row.key}`));
    return new Set(requests.filter((r) => used.has(`${r.userId} ${r.key}`)));
  }
}

function toResult(claims: readonly Claim[], raw: RawBatch): BatchResult {
  const expiresAt = new Date(raw.until_ms ?? 0).toISOString();
  let position = 0;
  const outcomes = claims.map((claim, index): ClaimOutcome => {
    const from = position;
    position += claim.items.length;
    const outcome = raw.outcomes[index]!;
    if (outcome === 10) return { held: fromFact(raw.replays![index + 1]!, true) };
    if (outcome !== 0) return { refused: REFUSALS[outcome]! };
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
