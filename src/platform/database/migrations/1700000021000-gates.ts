import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFunctions } from '../functions.js';

/** One lock for gates and cancellations, codes that end with their holder, and scans that may be repeated. */
export class Gates1700000021000 implements MigrationInterface {
  readonly name = 'Gates1700000021000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(pastCodes);
    await createFunctions(db, 'tickets', ['ticket_code_v1', 'ticket_handed_on']);
    // Tickets that were handed on before still have the code of who gave them.
    await db.query(`
      INSERT INTO ticket_past_code (event_id, code, ticket_id, generation)
      SELECT event_id, code, id, generation - 1 FROM ticket WHERE generation > 1`);
    await db.query('UPDATE ticket SET code = ticket_code_v1() WHERE generation > 1');
    await createFunctions(db, 'tickets', ['ticket_scan_v1', 'tickets_take_v2']);
    await createFunctions(db, 'orders', ['cancel_begin_v2']);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION cancel_begin_v2, tickets_take_v2, ticket_scan_v1;
      DROP TRIGGER ticket_handed_on ON ticket;
      DROP FUNCTION ticket_handed_on, ticket_code_v1;
      DROP TABLE ticket_past_code`);
  }
}

/**
 * A code is good for one holder. The database itself renews it with the generation of the token, so that a transfer
 * through a replica of the release before, which knows nothing of this, leaves no old code behind either.
 */
const pastCodes = `
CREATE TABLE ticket_past_code (
  event_id   uuid     NOT NULL,
  code       text     NOT NULL,
  ticket_id  uuid     NOT NULL,
  -- the last one that it was good for
  generation smallint NOT NULL,
  CONSTRAINT ticket_past_code_pkey PRIMARY KEY (event_id, code),
  CONSTRAINT ticket_past_code_ticket FOREIGN KEY (event_id, ticket_id) REFERENCES ticket (event_id, id)
);
CREATE INDEX ticket_past_code_of_ticket ON ticket_past_code (event_id, ticket_id);`;
