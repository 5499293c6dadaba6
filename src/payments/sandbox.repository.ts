import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service.js';
import type { Charge } from './payment-provider.js';
import type { Behaviour } from './sandbox.cards.js';

export interface SandboxCharge {
  key: string;
  ref: string;
  behaviour: Behaviour;
  state: Charge['state'];
  reason: string | null;
  createdAt: Date;
}

const COLUMNS = 'key, ref, behaviour, state, reason, created_at AS "createdAt"';

/** The ledger of the sandbox, apart from ours as a real provider's would be: every statement commits alone. */
@Injectable()
export class SandboxRepository {
  constructor(private readonly database: Database) {}

  /** The charge under its key, made now unless it exists. */
  async open(charge: Omit<SandboxCharge, 'createdAt'>, amount: number, currency: string) {
    await this.database.statement(
      'sandbox.open',
      `INSERT INTO sandbox_charge (key, ref, behaviour, state, reason, amount, currency)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
      [charge.key, charge.ref, charge.behaviour, charge.state, charge.reason, amount, currency],
    );
    return (await this.find(charge.key))!;
  }

  async find(key: string): Promise<SandboxCharge | undefined> {
    const rows = await this.database.statement<SandboxCharge & Record<string, unknown>>(
      'sandbox.find',
      `SELECT ${COLUMNS} FROM sandbox_charge WHERE key = $1`,
      [key],
    );
    return rows[0];
  }

  list(since: Date): Promise<SandboxCharge[]> {
    return this.database.statement<SandboxCharge & Record<string, unknown>>(
      'sandbox.list',
      `SELECT ${COLUMNS} FROM sandbox_charge WHERE created_at >= $1 ORDER BY created_at`,
      [since],
    );
  }

  /** @returns the charge as it is then, also when it was not in one of the states `from` */
  async move(key: string, from: Charge['state'][], to: Charge['state'], reason: string | null = null) {
    await this.database.statement(
      'sandbox.move',
      'UPDATE sandbox_charge SET state = $3, reason = $4 WHERE key = $1 AND state = ANY ($2)',
      [key, from, to, reason],
    );
    return this.find(key);
  }

  /** The buyer's second step. @returns key of the charge, or undefined when none waits under this reference */
  async answer(ref: string, approved: boolean): Promise<string | undefined> {
    const [row] = await this.database.statement<{ key: string }>(
      'sandbox.answer',
      `UPDATE sandbox_charge SET state = CASE WHEN $2 THEN 'authorized' ELSE 'declined' END,
         reason = CASE WHEN $2 THEN NULL ELSE 'authentication_failed' END
       WHERE ref = $1 AND state = 'requires_action' RETURNING key`,
      [ref, approved],
    );
    return row?.key;
  }

  /** @returns false when more than was captured would go back */
  async refund(key: string, chargeKey: string, amount: number): Promise<boolean> {
    const rows = await this.database.statement(
      'sandbox.refund',
      `WITH charge AS (
         UPDATE sandbox_charge SET refunded = refunded + $3
         WHERE key = $2 AND state = 'captured' AND refunded + $3 <= amount
           AND NOT EXISTS (SELECT FROM sandbox_refund WHERE key = $1)
         RETURNING key
       ), made AS (
         INSERT INTO sandbox_refund (key, charge_key, amount) SELECT $1, key, $3 FROM charge RETURNING key
       )
       SELECT key FROM made UNION ALL SELECT key FROM sandbox_refund WHERE key = $1`,
      [key, chargeKey, amount],
    );
    return rows.length > 0;
  }
}
