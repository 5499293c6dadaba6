import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import type { Tx } from '../../../src/platform/database/tx.js';
import type { Fact } from '../../../src/platform/facts/fact-map.js';
import { OnFact } from '../../../src/platform/facts/facts.decorators.js';
import { TicketsService } from '../../../src/tickets/tickets.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import type { Person } from '../../support/people.js';
import { until } from '../../support/until.js';

let poisoned = true;

@Injectable()
class Delicate {
  @OnFact('event.published', { name: 'delicate' })
  async digest(_: Tx, { streamId }: Fact<'event.published'>) {
    if (poisoned) throw new Error(`cannot digest ${streamId}`);
  }
}

@Module({ providers: [Delicate] })
class DelicateModule {}

const card = (number: string) => ({ payment: { method: 'card', card: { number } } });

describe('what facts tell', () => {
  let app: TestApp;
  let sale: Sale;
  let buyer: Person;
  let friend: Person;
  let admin: Person;
  let seat = 0;

  const held = async (): Promise<string> => {
    const { status, body } = await buyer.client.post(`/events/${sale.eventId}/holds`, {
      seats: [seat++, seat++],
    });
    assert.equal(status, 201);
    return body.id;
  };
  const history = async (id: string, person = buyer): Promise<Json[]> =>
    (await person.client.get(`/bookings/${id}/history`)).body.data;
  const told = (entries: Json[]) => entries.map(({ type, by }) => `${type} ${by}`);

  beforeAll(async () => {
    app = await startApp({}, [DelicateModule]);
    sale = await openSale(app, plainHall(5, 20));
    [buyer, friend] = await app.people(2);
    [admin] = await app.people(1, 'admin');
  });
  afterAll(() => app.close());

  test('a booking with its money and its tickets, by whom, for people', async () => {
    const id = await held();
    assert.equal((await buyer.client.post(`/bookings/${id}/checkout`, card('4000000000000002'))).status, 402);
    assert.equal((await buyer.client.post(`/bookings/${id}/checkout`, card('4242424242424242'))).status, 200);
    await until(async () => told(await history(id)).includes('payment.captured system'));
    const entries = await history(id);
    const kinds = told(entries);
    for (const [first, second] of [
      ['booking.held buyer', 'booking.paying buyer'],
      ['payment.created buyer', 'payment.declined system'],
      ['payment.declined system', 'payment.captured system'],
      ['booking.confirmed buyer', 'payment.captured system'],
    ])
      assert.ok(
        kinds.indexOf(first!) >= 0 && kinds.indexOf(first!) < kinds.lastIndexOf(second!),
        kinds.join('\n'),
      );
    const paid = entries.find(({ type }) => type === 'payment.captured');
    assert.deepEqual([paid.text, paid.amount, paid.currency], ['Paid', 4000, 'EUR']);
    assert.ok(entries.every(({ text }) => text.length > 3));
    for (const person of [sale.organizer, admin]) assert.deepEqual(await history(id, person), entries);
    assert.ok(!JSON.stringify(entries).includes(buyer.id), 'no ids of people');
    assert.equal((await friend.client.get(`/bookings/${id}/history`)).status, 404);
  });

  test('what happens to a ticket after it was passed on is not told to who passed it on', async () => {
    const id = await held();
    assert.equal((await buyer.client.post(`/bookings/${id}/checkout`, card('4242424242424242'))).status, 200);
    await app.nest.get(TicketsService).issue(sale.eventId, id); // nothing when the checkout has done so
    const [ticket] = (await buyer.client.get(`/bookings/${id}/tickets`)).body.data;
    const offer = await buyer.client.post(`/tickets/${ticket.id}/transfer`, { email: friend.email });
    assert.equal(offer.status, 201, JSON.stringify(offer.body));
    const accepted = await friend.client.post(`/ticket-transfers/${offer.body.id}/accept`);
    assert.equal(accepted.status, 200, JSON.stringify(accepted.body));
    const { token } = (await friend.client.get(`/tickets/${ticket.id}`)).body;
    const scan = await sale.organizer.client.post(`/events/${sale.eventId}/check-in`, {
      token,
      gate: 'North',
    });
    assert.equal(scan.status, 200, JSON.stringify(scan.body));
    const entries = (await history(id)).filter(({ subject }) => subject === ticket.id);
    assert.deepEqual(told(entries), [
      'ticket.issued system',
      'ticket.transfer_offered buyer',
      'ticket.transferred recipient',
    ]);
    assert.ok(!JSON.stringify(entries).includes(friend.id), 'no ids of people');
  });

  test('facts of the money know the request that moved it', async () => {
    const id = await held();
    const { status } = await buyer.client.post(`/bookings/${id}/checkout`, card('4242424242424242'), {
      'x-correlation-id': 'request-of-the-money',
    });
    assert.equal(status, 200);
    const { rows } = await app.db.query(
      `SELECT type, actor, correlation_id FROM fact WHERE stream = 'payment' AND data ->> 'bookingId' = $1 ORDER BY pos`,
      [id],
    );
    assert.deepEqual(rows.at(0), {
      type: 'payment.created',
      actor: buyer.id,
      correlation_id: 'request-of-the-money',
    });
    assert.deepEqual([...new Set(rows.map((row) => row.correlation_id))], ['request-of-the-money']);
    assert.ok(rows.length >= 3);
  });

  test('replaying the facts of payments, refunds and tickets gives their rows', async () => {
    const cancelled = await held();
    assert.equal(
      (await buyer.client.post(`/bookings/${cancelled}/checkout`, card('4242424242424242'))).status,
      200,
    );
    assert.ok((await buyer.client.post(`/bookings/${cancelled}/cancel`)).status < 300);
    const wrong = await app.db.query(
      `SELECT p.id FROM (SELECT 'payment' AS stream, id, booking_id, status, amount, currency, version, failure FROM payment
                         UNION ALL SELECT 'refund', id, booking_id, status, amount, currency, version, failure FROM refund) p
       LEFT JOIN LATERAL (SELECT * FROM fact f WHERE f.stream = p.stream AND f.stream_id = p.id
                          ORDER BY f.version DESC LIMIT 1) f ON true
       WHERE (f.type, f.version, f.data - 'failure') IS DISTINCT FROM
             (p.stream || '.' || p.status, p.version,
              jsonb_build_object('bookingId', p.booking_id, 'amount', p.amount, 'currency', p.currency))`,
    );
    assert.deepEqual(wrong.rows, []);
    const tickets = await app.db.query(
      `SELECT t.id FROM ticket t CROSS JOIN LATERAL (
         SELECT max(version) AS version,
                (array_agg(coalesce(data ->> 'to', data ->> 'userId') ORDER BY version DESC)
                   FILTER (WHERE type IN ('ticket.issued', 'ticket.transferred')))[1] AS holder,
                (array_agg(CASE type WHEN 'ticket.checked_in' THEN data ->> 'gate' END ORDER BY version DESC)
                   FILTER (WHERE type LIKE 'ticket.check%'))[1] AS gate,
                1 + count(*) FILTER (WHERE type = 'ticket.transferred') AS generation
           FROM fact WHERE stream = 'ticket' AND stream_id = t.id) f
       WHERE (t.version, t.holder_id::text, t.gate, t.generation) IS DISTINCT FROM
             (f.version, f.holder, f.gate, f.generation)`,
    );
    assert.deepEqual(tickets.rows, []);
    assert.ok((await app.db.query('SELECT FROM ticket WHERE generation = 2')).rowCount! > 0);
    const gaps = await app.db.query(
      `SELECT stream, stream_id FROM fact GROUP BY stream, stream_id HAVING count(*) <> max(version)`,
    );
    assert.deepEqual(gaps.rows, []);
    await assertAuditClean(app);
  });

  test('operators see who is behind, and give a parked stream to its handler again', async () => {
    const outbox = async () => (await admin.client.get('/admin/outbox')).body;
    await until(async () => (await outbox()).parked.length === 1);
    // It is tried again by itself, longer and longer; the tenth failure leaves it to an operator.
    await app.db.query('UPDATE fact_parked SET attempts = 9, retry_at = clock_timestamp()');
    await until(async () => (await outbox()).parked[0].retryAt === null);
    const { parked, readers, broker } = await outbox();
    assert.equal(broker, 'off');
    assert.deepEqual(
      [parked[0].handler, parked[0].streamId, parked[0].attempts],
      ['delicate', sale.eventId, 10],
    );
    assert.match(parked[0].error, /cannot digest/);
    assert.ok(readers.some(({ name }: Json) => name === 'delicate'));
    assert.equal((await admin.client.get('/health/status')).body.facts.parked, 1);
    assert.match(
      (await app.client().get('//metrics')).body,
      /evently_fact_lag_facts\{reader="delicate"\} \d/,
    );

    const stream = { handler: 'delicate', stream: 'event', streamId: sale.eventId };
    const retry = (body: object = stream, person = admin) =>
      person.client.post('/admin/outbox/parked/retry', body);
    assert.equal((await retry(stream, sale.organizer)).status, 403);
    const again = await retry();
    assert.deepEqual([again.status, again.body.code], [409, 'still_failing']);
    assert.equal((await retry({ ...stream, handler: 'nobody' })).status, 404);
    poisoned = false;
    assert.equal((await retry()).status, 204);
    assert.equal((await retry()).status, 404);
    assert.deepEqual((await outbox()).parked, []);
  });
});
