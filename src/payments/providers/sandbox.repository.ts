import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { BookedCharge, Charge } from './payment-provider.js';
import type { Behaviour } from './sandbox.cards.js';

export interface SandboxCharge extends BookedCharge {
  readonly key: string;
  readonly behaviour: Behaviour;
  readonly reason: string | null;
  /** How often it was asked for under its key. */
  readonly asked: number;
}

type Row = SandboxCharge & Record<string, unknown>;

const COLUMNS = `key, ref, behaviour, state, reason, amount::float8 AS amount, currency, refunded::float8 AS refunded,
  false AS disputed, asked, created_at AS "createdAt"`;

/** The ledger of the sandbox, apart from ours as a real provider's would be: every statement commits alone. */
@Injectable()
export class SandboxRepository {
  constructor(private readonly database: DatabaseService) {}

  /** The charge under its key, made now unless it exists. */
  async open(
    charge: Pick<SandboxCharge, 'key' | 'ref' | 'behaviour' | 'state' | 'reason' | 'amount' | 'currency'>,
  ): Promise<SandboxCharge> {
    const rows = await this.database.statement<Row>(
      'sandbox.open',
      `INSERT INTO sandbox_charge AS c (key, ref, behaviour, state, reason, amount, currency)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (key) DO UPDATE SET asked = c.asked + 1 RETURNING ${COLUMNS}`,
      [charge.key, charge.ref, charge.behaviour, charge.state, charge.reason, charge.amount, charge.currency],
    );
    return rows[0]!;
  }

  async find(key: string): Promise<SandboxCharge | undefined> {
    const rows = await this.database.statement<Row>(
      'sandbox.find',
      `SELECT ${COLUMNS} FROM sandbox_charge WHERE key = $1`,
      [key],
    );
    return rows[0];
  }

  async findByRef(ref: string): Promise<SandboxCharge | undefined> {
    const rows = await this.database.statement<Row>(
      'sandbox.by_ref',
      `SELECT ${COLUMNS} FROM sandbox_charge WHERE ref = $1`,
      [ref],
    );
    return rows[0];
  }

  /** Charges made, or of which something was refunded, since; by `ref`, which grows with time, after the one given. */
  list(what: 'made' | 'refunded', since: Date, after: string, limit: number): Promise<SandboxCharge[]> {
    return this.database.statement<Row>(
      'sandbox.list',
      `SELECT ${COLUMNS} FROM sandbox_charge c
       WHERE ref > $3 AND CASE WHEN $1 = 'made' THEN created_at >= $2 ELSE EXISTS (
         SELECT FROM sandbox_refund r WHERE r.charge_key = c.key AND r.created_at >= $2) END
       ORDER BY ref LIMIT $4`,
      [what, since, after, limit],
    );
  }

  /** @returns whether it moved now, and the charge as it is then, also when it was not in one of the states `from` */
  async move(
    key: string,
    from: Charge['state'][],
    to: Charge['state'],
  ): Promise<{ moved: boolean; charge: SandboxCharge | undefined }> {
    const [moved] = await this.database.statement<Row>(
      'sandbox.move',
      `UPDATE sandbox_charge SET state = $3 WHERE key = $1 AND state = ANY ($2) RETURNING ${COLUMNS}`,
      [key, from, to],
    );
    return { moved: moved !== undefined, charge: moved ?? (await this.find(key)) };
  }

  /** The buyer's second step. @returns the charge, or undefined when none waits under this reference */
  async answer(ref: string, approved: boolean): Promise<SandboxCharge | undefined> {
    const rows = await this.database.statement<Row>(
      'sandbox.answer',
      `UPDATE sandbox_charge SET state = CASE WHEN $2 THEN 'authorized' ELSE 'declined' END,
         reason = CASE WHEN $2 THEN NULL ELSE 'authentication_failed' END
       WHERE ref = $1 AND state = 'requires_action' RETURNING ${COLUMNS}`,
      [ref, approved],
    );
    return rows[0];
  }

  /** Whether the charge under this reference pays for a sandbox event. */
  async isOfSandboxEvent(ref: string): Promise<boolean> {
    const rows = await this.database.statement(
      'sandbox.event',
      `SELECT FROM sandbox_charge c JOIN payment p ON p.idempotency_key = c.key JOIN event e ON e.id = p.event_id
        WHERE c.ref = $1 AND e.sandbox`,
      [ref],
    );
    return rows.length > 0;
  }

  /** `made`: now; `known`: before, under this key; `too_much`: more than was captured would go back. */
  async refund(key: string, chargeKey: string, amount: number): Promise<'made' | 'known' | 'too_much'> {
    const [row] = await this.database.statement<{ made: boolean; known: boolean }>(
      'sandbox.refund',
      `WITH charge AS (
         UPDATE sandbox_charge SET refunded = refunded + $3
         WHERE key = $2 AND state = 'captured' AND refunded + $3 <= amount
           AND NOT EXISTS (SELECT FROM sandbox_refund WHERE key = $1)
         RETURNING key
       ), made AS (
         INSERT INTO sandbox_refund (key, charge_key, amount) SELECT $1, key, $3 FROM charge RETURNING key
       )
       SELECT EXISTS (SELECT FROM made) AS made, EXISTS (SELECT FROM sandbox_refund WHERE key = $1) AS known`,
      [key, chargeKey, amount],
    );
    if (row!.made) return 'made';
    return row!.known ? 'known' : 'too_much';
  }
}
