import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFunctions } from '../functions.js';

/**
 * An act knows its event and organisation, whichever release writes it, so that their log is read by an index; and the other
 * person or key that its path names.
 */
export class ActsOfOrganisations1700000039100 implements MigrationInterface {
  readonly name = 'ActsOfOrganisations1700000039100';

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE act ADD organisation_id uuid, ADD event_id uuid, ADD subject uuid');
    await createFunctions(db, 'auth', ['act_belongs_v1']);
    // Once, in the transaction that adds the columns: what was done and by whom stays as it is.
    await db.query('ALTER TABLE act DISABLE TRIGGER act_append_only');
    await db.query(`
      UPDATE act a SET event_id = e.id, organisation_id = e.organizer_id FROM event e
       WHERE e.id = coalesce((SELECT b.event_id FROM booking b WHERE b.id = a.target),
                             (SELECT p.event_id FROM payment p WHERE p.id = a.target),
                             (SELECT r.event_id FROM refund r WHERE r.id = a.target),
                             (SELECT s.event_id FROM saga s WHERE s.id = a.target), a.target)`);
    await db.query(`
      UPDATE act a SET organisation_id = o.id FROM organisation o
       WHERE a.organisation_id IS NULL
         AND o.id = coalesce((SELECT v.organizer_id FROM venue v WHERE v.id = a.target),
                             (SELECT w.organizer_id FROM webhook w WHERE w.id = a.target),
                             CASE WHEN a.action ~ ' /organisations/' THEN a.target END)`);
    await db.query('ALTER TABLE act ENABLE TRIGGER act_append_only');
    await db.query('CREATE INDEX act_of_organisation ON act (organisation_id, id)');
    await db.query('CREATE INDEX act_of_event ON act (event_id, id)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TRIGGER act_belongs ON act');
    await db.query('DROP FUNCTION act_belongs_v1');
    await db.query('ALTER TABLE act DROP organisation_id, DROP event_id, DROP subject');
  }
}
