import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFunctions } from '../functions.js';
import { reconciliationTables } from './payments/reconciliation.js';
import { paymentTables, sandboxTables } from './payments/tables.js';

/** Payments, refunds, the sandbox's ledger, and the calls in which a booking and its money change together. */
export class Payments1700000005000 implements MigrationInterface {
  readonly name = 'Payments1700000005000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(paymentTables);
    await createFunctions(db, 'payments', ['money_is_told']);
    await db.query(sandboxTables);
    await db.query(reconciliationTables);
    await createFunctions(db, 'platform', ['idempotency_claim_v1']);
    await createFunctions(db, 'orders', [
      'checkout_begin_v1',
      'checkout_release_v1',
      'checkout_confirm_v1',
      'checkout_undo_v1',
      'cancellation_start_v1',
    ]);
    await createFunctions(db, 'tickets', ['tickets_take_v1']);
    await createFunctions(db, 'orders', [
      'cancel_begin_v1',
      'cancel_finish_v1',
      'refund_reopen_v1',
      'refund_settle_v1',
      'event_release_v1',
      'event_refund_v1',
      'goodwill_begin_v1',
    ]);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION goodwill_begin_v1, event_refund_v1, event_release_v1, refund_settle_v1, refund_reopen_v1, cancel_finish_v1,
        cancel_begin_v1, tickets_take_v1, cancellation_start_v1, checkout_undo_v1, checkout_confirm_v1, checkout_release_v1,
        checkout_begin_v1,
        idempotency_claim_v1;
      DROP TABLE payment_discrepancy, reconciled, provider_event, sandbox_refund, sandbox_charge, refund, payment;
      DROP FUNCTION money_is_told`);
  }
}
