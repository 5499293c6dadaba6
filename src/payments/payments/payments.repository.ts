import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { DatabaseService, type StatementName } from '../../platform/database/database.service.js';
import type { NextAction } from '../providers/payment-providers.service.js';
import type { PaymentEntity } from './payment.entity.js';
import { RefundEntity } from './refund.entity.js';

export const PAYMENT_STATUSES = [
  'created',
  'unknown',
  'requires_action',
  'authorized',
  'captured',
  'declined',
  'voiding',
  'voided',
] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

export const REFUND_STATUSES = ['created', 'unknown', 'succeeded', 'refused'] as const;
export type RefundStatus = (typeof REFUND_STATUSES)[number];

export type PaymentRecord = Omit<PaymentEntity, 'version' | 'updatedAt'>;
export type RefundRecord = Pick<
  RefundEntity,
  'id' | 'eventId' | 'bookingId' | 'paymentId' | 'amount' | 'status' | 'settled' | 'key'
>;

export interface PaymentWithRefunds extends PaymentRecord {
  refunds: { id: string; amount: number; status: RefundStatus; createdAt: string }[];
}

/** Minor units. */
export interface PaymentSum {
  readonly currency: string;
  readonly captured: number;
  readonly refunded: number;
}

const PAYMENT = `p.id, p.event_id AS "eventId", p.booking_id AS "bookingId", p.user_id AS "userId", p.method, p.provider,
  p.amount::float8 AS amount, p.currency, p.status, p.idempotency_key AS key, p.provider_ref AS ref, p.next_action AS "nextAction", p.failure,
  p.created_at AS "createdAt"`;
/** Payments and refunds. The checkout's calls create them together with the change of the booking. */
@Injectable()
export class PaymentsRepository {
  constructor(
    @InjectRepository(RefundEntity) private readonly refunds: Repository<RefundEntity>,
    private readonly database: DatabaseService,
  ) {}

  async find(id: string): Promise<PaymentRecord | undefined> {
    return this.one('payment.find', `SELECT ${PAYMENT} FROM payment p WHERE p.id = $1`, [id]);
  }

  findByKeys(keys: readonly string[]): Promise<PaymentRecord[]> {
    return this.database.statement<PaymentRecord & Record<string, unknown>>(
      'payment.by_keys',
      `SELECT ${PAYMENT} FROM payment p WHERE p.idempotency_key = ANY ($1)`,
      [keys],
    );
  }

  /** The newest try to pay a booking. */
  async latest(bookingId: string): Promise<PaymentRecord | undefined> {
    return this.one(
      'payment.latest',
      `SELECT ${PAYMENT} FROM payment p WHERE p.booking_id = $1 ORDER BY p.id DESC LIMIT 1`,
      [bookingId],
    );
  }

  sumsOf(userId: string): Promise<PaymentSum[]> {
    return this.database.statement<PaymentSum & Record<string, unknown>>(
      'payment.sums_of_user',
      `SELECT p.currency, sum(p.amount)::float8 AS captured, coalesce(sum(r.amount), 0)::float8 AS refunded
       FROM payment p LEFT JOIN LATERAL (
         SELECT sum(r.amount) AS amount FROM refund r WHERE r.payment_id = p.id AND r.status = 'succeeded') r ON true
       WHERE p.user_id = $1 AND p.status = 'captured' GROUP BY p.currency ORDER BY p.currency`,
      [userId],
    );
  }

  /** Newest first. */
  ofUser(userId: string, bookingId: string | null, limit: number, before: string | null) {
    return this.database.statement<PaymentWithRefunds & Record<string, unknown>>(
      'payment.of_user',
      `SELECT ${PAYMENT}, coalesce((
         SELECT json_agg(json_build_object('id', r.id, 'amount', r.amount, 'status', r.status, 'createdAt', r.created_at)
                         ORDER BY r.id)
         FROM refund r WHERE r.payment_id = p.id), '[]') AS refunds
       FROM payment p
       WHERE p.user_id = $1 AND ($2::uuid IS NULL OR p.booking_id = $2) AND ($3::uuid IS NULL OR p.id < $3)
       ORDER BY p.id DESC LIMIT $4`,
      [userId, bookingId, before, limit],
    );
  }

  async refundable(bookingId: string): Promise<number> {
    const rows = await this.database.statement<{ left: number }>(
      'payment.refundable',
      `SELECT (p.amount - coalesce((SELECT sum(r.amount) FROM refund r WHERE r.payment_id = p.id), 0))::float8 AS left
       FROM payment p WHERE p.booking_id = $1 AND p.status IN ('authorized', 'captured')`,
      [bookingId],
    );
    return rows[0]?.left ?? 0;
  }

  findRefund(id: string): Promise<RefundRecord | null> {
    return this.refunds.findOneBy({ id });
  }

  /**
   * Changes the status of a payment that is still in one of the states `from`; its row counts as touched in any case.
   */
  async move(
    id: string,
    from: PaymentStatus[],
    to: PaymentStatus,
    ref: string | null = null,
    nextAction: NextAction | null = null,
  ): Promise<void> {
    await this.database.statement(
      'payment.move',
      `UPDATE payment SET updated_at = clock_timestamp(), provider_ref = coalesce(provider_ref, $4),
         version = version + CASE WHEN status = ANY ($2) AND status <> $3 THEN 1 ELSE 0 END,
         next_action = CASE WHEN status = ANY ($2) THEN $5::jsonb ELSE next_action END,
         status = CASE WHEN status = ANY ($2) THEN $3 ELSE status END
       WHERE id = $1`,
      [id, from, to, ref, nextAction && JSON.stringify(nextAction)],
    );
  }

  async moveRefund(id: string, to: RefundStatus, failure: string | null): Promise<void> {
    await this.database.statement(
      'refund.move',
      `UPDATE refund SET updated_at = clock_timestamp(), failure = $3, status = $2,
         version = version + CASE WHEN status <> $2 THEN 1 ELSE 0 END
       WHERE id = $1 AND status IN ('created', 'unknown')`,
      [id, to, failure],
    );
  }

  private async one(
    name: StatementName,
    text: string,
    values: unknown[],
  ): Promise<PaymentRecord | undefined> {
    const rows = await this.database.statement<PaymentRecord & Record<string, unknown>>(name, text, values);
    return rows[0];
  }
}
