import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository } from 'typeorm';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { Tx } from '../../platform/database/tx.js';
import { AttemptEntity } from './attempt.entity.js';
import { DeliveryEntity } from './delivery.entity.js';

export type DeliveryState = 'pending' | 'delivered' | 'failed';

export type DeliveryRecord = Omit<DeliveryEntity, 'pos' | 'streamId' | 'lease'>;

/** A delivery that is leased, with what is needed to send it. */
export interface DueDelivery {
  id: string;
  webhookId: string;
  body: string;
  /** Number of attempts, the one under way included. */
  attempts: number;
  url: string;
  /** Correlation id of the fact that it tells of; null for a ping. */
  cause: string | null;
  /** Secrets that are valid now. */
  secrets: Buffer[];
}

export interface Attempt {
  readonly delivered: boolean;
  readonly status: number | null;
  readonly error: string | null;
  readonly milliseconds: number;
  /** Seconds until the next attempt; undefined: no further one. */
  readonly pause: number | undefined;
}

/** Webhook deliveries: content, recipient and state. */
@Injectable()
export class DeliveriesRepository {
  constructor(
    @InjectRepository(DeliveryEntity) private readonly deliveries: Repository<DeliveryEntity>,
    @InjectRepository(AttemptEntity) private readonly tries: Repository<AttemptEntity>,
    private readonly database: DatabaseService,
  ) {}

  /** Whether anybody wants to be told of anything. */
  async anyWebhook(tx: Tx): Promise<boolean> {
    const [row] = await tx.query('SELECT EXISTS (SELECT FROM webhook WHERE active) AS found');
    return row.found;
  }

  /** The webhooks of the event's organizer that want this kind of fact. */
  async wanting(tx: Tx, eventId: string, type: string): Promise<{ id: string; sandbox: boolean }[]> {
    return tx.query(
      `SELECT w.id, e.sandbox FROM webhook w JOIN event e ON e.organizer_id = w.organizer_id
       WHERE e.id = $1 AND w.active AND w.facts && ARRAY[$2, split_part($2, '.', 1) || '.*']`,
      [eventId, type],
    );
  }

  async enqueue(
    tx: Tx,
    deliveries: readonly { id: string; webhookId: string }[],
    fact: { pos: string; streamId: string; type: string },
    body: string,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO webhook_delivery (id, webhook_id, pos, stream_id, type, body)
       SELECT id, webhook_id, $3, $4, $5, $6 FROM unnest($1::uuid[], $2::uuid[]) AS d (id, webhook_id)
       ON CONFLICT (webhook_id, pos) DO NOTHING`,
      [
        deliveries.map(({ id }) => id),
        deliveries.map(({ webhookId }) => webhookId),
        fact.pos,
        fact.streamId,
        fact.type,
        body,
      ],
    );
  }

  /** A message that belongs to no fact; `pos` below zero. */
  async enqueuePing(id: string, webhookId: string, pos: number, body: string): Promise<void> {
    const position = { pos: String(pos), streamId: id };
    await this.deliveries.insert({ id, webhookId, ...position, type: 'webhook.ping', body });
  }

  /**
   * Leases due deliveries: the first of each stream only, none of the webhooks in `busy`, and at most `each` of one
   * webhook. An endpoint that refused gets one message at a time, after a pause: thousands that wait for it cost
   * nothing.
   * @param seconds how long the lease lasts
   */
  claim(
    lease: string,
    seconds: number,
    limit: number,
    each: number,
    busy: readonly string[],
  ): Promise<DueDelivery[]> {
    return this.database.statement<DueDelivery & Record<string, unknown>>(
      'webhook_delivery.claim',
      `WITH due AS (
         SELECT d.id, w.failures, row_number() OVER (PARTITION BY d.webhook_id ORDER BY d.due_at, d.pos) AS n
         FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook_id AND w.active
           AND coalesce(w.resting_until, '-infinity') <= clock_timestamp()
         WHERE d.state = 'pending' AND d.due_at <= clock_timestamp() AND d.webhook_id <> ALL ($5::uuid[])
           AND NOT EXISTS (SELECT FROM webhook_delivery e WHERE e.webhook_id = d.webhook_id
             AND e.stream_id = d.stream_id AND e.state = 'pending' AND e.pos < d.pos)
       ), taken AS (
         SELECT id FROM webhook_delivery WHERE id IN (SELECT id FROM due WHERE n <= CASE WHEN failures > 0 THEN 1 ELSE $4 END LIMIT $3)
           AND state = 'pending' AND due_at <= clock_timestamp() FOR UPDATE SKIP LOCKED
       )
       UPDATE webhook_delivery d SET lease = $1, due_at = clock_timestamp() + make_interval(secs => $2),
                                     attempts = attempts + 1
       FROM taken, webhook w WHERE d.id = taken.id AND w.id = d.webhook_id
       RETURNING d.id, d.webhook_id AS "webhookId", d.body, d.attempts, w.url,
         (SELECT f.correlation_id FROM fact f WHERE f.stream_id = d.stream_id AND f.pos = d.pos) AS cause,
         CASE WHEN w.old_until > clock_timestamp() THEN ARRAY[w.secret, w.old_secret] ELSE ARRAY[w.secret] END AS secrets`,
      [lease, seconds, limit, each, busy],
    );
  }

  /** Stores the outcome of an attempt, unless another replica has taken the delivery over meanwhile. */
  async settle(id: string, lease: string, attempt: Attempt): Promise<void> {
    await this.database.statement(
      'webhook_delivery.settle',
      `WITH settled AS (
         UPDATE webhook_delivery SET lease = NULL, last_status = $4, last_error = $5,
           state = CASE WHEN $3 THEN 'delivered' WHEN $7::float8 IS NULL THEN 'failed' ELSE 'pending' END,
           delivered_at = CASE WHEN $3 THEN clock_timestamp() END,
           due_at = clock_timestamp() + make_interval(secs => coalesce($7, 0))
         WHERE id = $1 AND lease = $2 RETURNING id, webhook_id
       ), tried AS (
         INSERT INTO webhook_attempt (delivery_id, status, error, milliseconds) SELECT id, $4, $5, $6 FROM settled
       )
       UPDATE webhook SET failing_since = CASE WHEN $3 THEN NULL ELSE coalesce(failing_since, clock_timestamp()) END,
         failures = CASE WHEN $3 THEN 0 ELSE failures + 1 END,
         resting_until = CASE WHEN NOT $3
           THEN clock_timestamp() + least(interval '5 s' * 2 ^ least(failures, 10), interval '10 min') END
       WHERE id = (SELECT webhook_id FROM settled) AND (NOT $3 OR failures > 0)`,
      [
        id,
        lease,
        attempt.delivered,
        attempt.status,
        attempt.error,
        attempt.milliseconds,
        attempt.pause ?? null,
      ],
    );
  }

  /**
   * How many wait, and for how many seconds the longest of them has been due. Endpoints that rest are not counted as
   * late.
   */
  async pending(): Promise<{ count: number; overdue: number }> {
    const [row] = await this.database.statement<{ count: number; overdue: number }>(
      'webhook_delivery.pending',
      `SELECT count(*)::int AS count, coalesce(greatest(0, extract(epoch FROM clock_timestamp()
                - min(d.due_at) FILTER (WHERE coalesce(w.resting_until, '-infinity') <= clock_timestamp()))), 0)::float8 AS overdue
       FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook_id AND w.active WHERE d.state = 'pending'`,
    );
    return row!;
  }

  /** Newest first. */
  page(
    webhookId: string,
    state: DeliveryState | undefined,
    limit: number,
    before: string | null,
  ): Promise<DeliveryRecord[]> {
    return this.deliveries.find({
      where: { webhookId, ...(state && { state }), ...(before !== null && { id: LessThan(before) }) },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  find(webhookId: string, id: string): Promise<DeliveryRecord | null> {
    return this.deliveries.findOneBy({ webhookId, id });
  }

  attempts(deliveryId: string): Promise<AttemptEntity[]> {
    return this.tries.find({ where: { deliveryId }, order: { at: 'ASC' } });
  }

  /** Sends one delivery, or all made since a time, again, unless it is under way. @returns how many */
  async replay(webhookId: string, which: { id?: string; since?: string }): Promise<number> {
    const rows = await this.database.statement(
      'webhook_delivery.replay',
      `UPDATE webhook_delivery SET state = 'pending', attempts = 0, due_at = clock_timestamp(), delivered_at = NULL
       WHERE webhook_id = $1 AND ($2::uuid IS NULL OR id = $2) AND ($3::timestamptz IS NULL OR created_at >= $3)
         AND lease IS NULL RETURNING id`,
      [webhookId, which.id ?? null, which.since ?? null],
    );
    return rows.length;
  }

  /** Switches off webhooks that have accepted nothing for so many days. @returns ids of the webhooks */
  async disableFailing(tx: Tx, days: number, reason: string): Promise<string[]> {
    const [rows] = await tx.query(
      `UPDATE webhook SET active = false, disabled_reason = $2, version = version + 1, updated_at = clock_timestamp()
       WHERE active AND failing_since < clock_timestamp() - make_interval(days => $1) RETURNING id`,
      [days, reason],
    );
    return rows.map(({ id }: { id: string }) => id);
  }

  /** Deletes deliveries that were settled so many days ago. @returns how many */
  async forget(days: number, limit: number): Promise<number> {
    const rows = await this.database.statement(
      'webhook_delivery.forget',
      `DELETE FROM webhook_delivery WHERE id IN (
         SELECT id FROM webhook_delivery WHERE created_at < clock_timestamp() - make_interval(days => $1)
           AND state <> 'pending' LIMIT $2) RETURNING 1`,
      [days, limit],
    );
    return rows.length;
  }
}
