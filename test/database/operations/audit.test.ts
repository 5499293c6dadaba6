import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { HoldsService } from '../../../src/inventory/holds/holds.service.js';
import { INVARIANTS } from '../../../src/operations/invariants/invariants.js';
import { InvariantsService } from '../../../src/operations/invariants/invariants.service.js';
import { newId } from '../../../src/platform/common/ids.js';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import { openSale, plainHall } from '../../support/halls.js';

const paid = (status: string) =>
  `INSERT INTO payment (id, event_id, booking_id, user_id, provider, method, amount, currency, status, idempotency_key)
   SELECT gen_random_uuid(), event_id, id, user_id, 'sandbox', 'card', total, currency, '${status}', gen_random_uuid()
   FROM booking WHERE event_id = $1 AND id = $2`;

const ticket = `INSERT INTO ticket (event_id, id, booking_id, item_id, code, holder_id)
  SELECT b.event_id, gen_random_uuid(), b.id, i.id, ticket_code_v1(), b.user_id
  FROM booking b JOIN booking_item i ON i.event_id = b.event_id AND i.booking_id = b.id AND i.n = 0
  WHERE b.event_id = $1 AND b.id = $2`;
const refund = (amount: number) =>
  `INSERT INTO refund (id, payment_id, event_id, booking_id, amount, price, currency, items, cause, saga_id, idempotency_key)
   SELECT gen_random_uuid(), p.id, p.event_id, p.booking_id, ${amount}, 0, p.currency,
     ARRAY(SELECT id FROM booking_item i WHERE i.event_id = p.event_id AND i.booking_id = p.booking_id), 'goodwill', s.id, gen_random_uuid()
   FROM payment p, saga s WHERE p.event_id = $1 AND p.booking_id = $2 AND s.subject_id = $2`;
const saga = `INSERT INTO saga (id, kind, subject_id, event_id, data, state)
  VALUES (gen_random_uuid(), 'cancellation', $2, $1, '{}', 'completed')`;

/** SQL that does what the code never does; $1 is an event with a hold of seats 0 and 1 and two places, $2 its booking. */
const VIOLATIONS: Record<string, string[]> = {
  seat_sold_twice: [
    'DROP INDEX booking_item_live_seat',
    `INSERT INTO booking_item SELECT event_id, booking_id, gen_random_uuid(), n, NULL, price, status
     FROM booking_item WHERE event_id = $1 AND booking_id = $2 AND n = 0`,
  ],
  area_over_capacity: [
    `INSERT INTO booking_item SELECT $1, $2, gen_random_uuid(), NULL, 0, 100, 'confirmed' FROM generate_series(1, 50)`,
  ],
  area_counter_wrong: ['UPDATE area SET held = held + 1 WHERE event_id = $1 AND $2::uuid IS NOT NULL'],
  seat_without_item: [
    `UPDATE seat SET state = ${SEAT.BOOKED}, booking_id = $2 WHERE event_id = $1 AND n = 5`,
  ],
  item_without_seat: [
    `UPDATE seat SET state = ${SEAT.FREE}, booking_id = NULL, hold_until = NULL WHERE event_id = $1 AND booking_id = $2`,
  ],
  booking_at_odds_with_items: [`UPDATE booking SET status = 'confirmed' WHERE event_id = $1 AND id = $2`],
  seat_stranded: [
    `UPDATE seat SET hold_until = hold_until + interval '1 hour' WHERE event_id = $1 AND booking_id = $2`,
  ],
  kept_for_nobody: [
    `UPDATE seat SET state = ${SEAT.HELD}, hold_until = now() WHERE event_id = $1 AND n = 7 AND $2::uuid IS NOT NULL`,
  ],
  waiting_counter_wrong: [
    'UPDATE inventory SET waiting = waiting + 1 WHERE event_id = $1 AND $2::uuid IS NOT NULL',
  ],
  offer_without_hold: ['UPDATE booking SET entry_id = gen_random_uuid() WHERE event_id = $1 AND id = $2'],
  entry_without_facts: [
    `INSERT INTO waitlist_entry (event_id, id, user_id, quantity, min_quantity, together, accessible, state, joined_at)
     VALUES ($1, $2, gen_random_uuid(), 1, 1, false, false, 'left', now())`,
  ],
  booking_without_facts: ['UPDATE booking SET version = version + 1 WHERE event_id = $1 AND id = $2'],
  booking_lost: ['DELETE FROM booking WHERE event_id = $1 AND id = $2'],
  feed_gap: [
    'DELETE FROM seat_feed WHERE event_id = $1 AND seq = (SELECT max(seq) FROM seat_feed WHERE event_id = $1) AND $2::uuid IS NOT NULL',
  ],
  feed_differs_from_seats: [
    `UPDATE seat SET state = ${SEAT.BOOKED}, hold_until = NULL WHERE event_id = $1 AND booking_id = $2 AND n = 1`,
  ],
  money_without_ticket: [paid('captured')],
  ticket_without_money: [
    `UPDATE booking SET status = 'confirmed' WHERE event_id = $1 AND id = $2`,
    paid('declined'),
  ],
  ticket_missing: [
    `UPDATE booking_item SET status = 'confirmed' WHERE event_id = $1 AND booking_id = $2`,
    paid('captured'),
    `UPDATE payment SET updated_at = now() - interval '2 minutes' WHERE event_id = $1 AND booking_id = $2`,
  ],
  entered_and_given_back: [
    ticket,
    `UPDATE ticket SET checked_in_at = now(), gate = 'North' WHERE event_id = $1 AND booking_id = $2`,
  ],
  item_with_two_tickets: ['ALTER TABLE ticket DROP CONSTRAINT ticket_of_item', ticket, ticket],
  ticket_without_facts: [ticket],
  code_of_two_holders: [
    ticket,
    'ALTER TABLE ticket DISABLE TRIGGER ticket_handed_on',
    'UPDATE ticket SET generation = 2 WHERE event_id = $1 AND booking_id = $2',
    'ALTER TABLE ticket ENABLE TRIGGER ticket_handed_on',
  ],
  offer_of_another_holder: [
    ticket,
    `INSERT INTO ticket_transfer (id, event_id, ticket_id, from_id, to_email, expires_at)
     SELECT gen_random_uuid(), event_id, id, gen_random_uuid(), 'a@example.org', now() FROM ticket
     WHERE event_id = $1 AND booking_id = $2`,
  ],
  item_refunded_twice: [paid('captured'), saga, refund(1), refund(1)],
  refunded_beyond_payment: [paid('captured'), saga, refund(6001)],
  money_unsettled: [
    paid('unknown'),
    `UPDATE payment SET created_at = now() - interval '2 hours' WHERE event_id = $1 AND booking_id = $2`,
  ],
};

describe('the audit', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ inventory: { sweeper: false } });
  });
  afterAll(() => app.close());

  const violations = async (name: string) =>
    (await app.nest.get(InvariantsService).run()).find(({ invariant }) => invariant === name)!;

  test('knows a way to break every invariant it looks for', () => {
    assert.deepEqual(
      INVARIANTS.map(({ name }) => name).filter((name) => !VIOLATIONS[name]),
      [],
    );
  });

  test('finds nothing after ordinary sales', async () => {
    await sale();
    await assertAuditClean(app);
  });

  for (const { name } of INVARIANTS)
    test(`reports ${name}`, async () => {
      const { eventId, bookingId } = await sale();
      const before = await violations(name);
      for (const sql of VIOLATIONS[name]!)
        await app.db.query(sql, sql.includes('$1') ? [eventId, bookingId] : []);
      const found = await violations(name);
      assert.ok(
        found.violations > before.violations,
        `${before.violations} before, ${found.violations} after`,
      );
      assert.ok(found.examples.length > 0);
    });

  test('shows each as a gauge', async () => {
    await app.nest.get(InvariantsService).record();
    const { body } = await app.client().get('//metrics');
    for (const { name } of INVARIANTS) {
      const value = new RegExp(`^evently_invariant_violations\\{invariant="${name}"\\} (\\d+)$`, 'm').exec(
        body,
      )?.[1];
      assert.ok(Number(value) > 0, `${name}: ${value}`);
    }
  });

  async function sale(): Promise<{ eventId: string; bookingId: string }> {
    const { eventId } = await openSale(app, plainHall(2, 10, [{ name: 'Floor', capacity: 10 }]));
    const held = await app.nest
      .get(HoldsService)
      .hold(eventId, { seats: [0, 1], areas: [{ area: 'Floor', quantity: 2 }] }, { userId: newId() });
    return { eventId, bookingId: held.id };
  }
});
