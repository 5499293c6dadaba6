import type { MigrationInterface, QueryRunner } from 'typeorm';
import { cancellationFunctions } from './payments/cancellation-v1.js';
import { checkoutFunctions } from './payments/checkout-v1.js';
import { eventCancellationFunctions } from './payments/event-cancellation-v1.js';
import { goodwillFunctions } from './payments/goodwill-v1.js';
import { reconciliationTables } from './payments/reconciliation.js';
import { paymentTables, sandboxTables } from './payments/tables.js';

/** Payments, refunds, the sandbox's ledger, and the calls in which a booking and its money change together. */
export class Payments1700000005000 implements MigrationInterface {
  readonly name = 'Payments1700000005000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(paymentTables);
    await db.query(sandboxTables);
    await db.query(reconciliationTables);
    await db.query(checkoutFunctions);
    await db.query(cancellationFunctions);
    await db.query(eventCancellationFunctions);
    await db.query(goodwillFunctions);
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
