import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { newId } from '../../../src/platform/common/ids.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { countStatuses } from '../../support/load.js';
import { card, charges, GOOD } from '../../support/money.js';
import type { Person } from '../../support/people.js';
import { assertSandboxAgrees } from '../../support/sandbox-books.js';

describe('money back for tickets that stay good', () => {
  let app: TestApp;
  let sale: Sale;
  let buyer: Person;
  let seat = 0;

  const bought = async (number = GOOD): Promise<{ booking: Json; payment: string }> => {
    const seats = [seat++, seat++];
    const held = await buyer.client.post(`/events/${sale.eventId}/holds`, { seats });
    const { status, body } = await buyer.client.post(`/bookings/${held.body.id}/checkout`, card(number));
    assert.equal(status, 200, JSON.stringify(body));
    const payments = await buyer.client.get(`/payments?bookingId=${body.id}`);
    return { booking: body, payment: payments.body.data[0].id };
  };
  const giveBack = (payment: string, amount: unknown, headers = {}, person = sale.organizer) =>
    person.client.post(`/payments/${payment}/refund`, { amount }, headers);
  const read = async (id: string) => (await buyer.client.get(`/bookings/${id}`)).body;

  beforeAll(async () => {
    app = await startApp({ inventory: { sweeper: false } });
    sale = await openSale(app, plainHall(4, 20));
    [buyer] = await app.people(1);
  });

  afterAll(async () => {
    await assertSandboxAgrees(app);
    await assertAuditClean(app);
    await app.close();
  });

  test('leaves the booking as it is, and a later cancellation pays back the rest', async () => {
    const { booking, payment } = await bought();
    const { status, body } = await giveBack(payment, 500);
    const { id: _, ...told } = body;
    const paymentId = payment;
    assert.deepEqual(
      [status, told],
      [200, { paymentId, bookingId: booking.id, amount: 500, currency: 'EUR', status: 'succeeded' }],
    );
    assert.deepEqual(await read(booking.id), booking);
    assert.equal((await charges(app, booking.id))[0].refunded, 500);
    const quote = await buyer.client.get(`/bookings/${booking.id}/refund-quote`);
    assert.deepEqual([quote.body.price, quote.body.amount], [4000, 3500]);
    const cancelled = await buyer.client.post(`/bookings/${booking.id}/cancel`, {});
    assert.deepEqual([cancelled.status, cancelled.body.status], [200, 'cancelled']);
    assert.equal((await charges(app, booking.id))[0].refunded, 4000);
  });

  test('tells who did it', async () => {
    const { payment } = await bought();
    const { body } = await giveBack(payment, 100);
    const { rows } = await app.db.query(
      'SELECT type, actor FROM fact WHERE stream_id = $1 ORDER BY version',
      [body.id],
    );
    assert.deepEqual(rows, [
      { type: 'refund.created', actor: sale.organizer.id },
      { type: 'refund.succeeded', actor: null },
    ]);
  });

  test('never gives back more than was paid, however many ask at once', async () => {
    const { booking, payment } = await bought();
    const answers = await Promise.all(Array.from({ length: 10 }, () => giveBack(payment, 1500)));
    assert.deepEqual(countStatuses(answers), { 200: 2, 409: 8 });
    const refused = answers.find(({ status }) => status === 409)!;
    assert.deepEqual([refused.body.code, refused.body.left], ['refund_exceeds_payment', 1000]);
    assert.equal((await charges(app, booking.id))[0].refunded, 3000);
  });

  test('never gives back more than was paid while the booking is cancelled', async () => {
    for (let i = 0; i < 5; i++) {
      const { booking, payment } = await bought();
      const [, cancelled] = await Promise.all([
        giveBack(payment, 2500),
        buyer.client.post(`/bookings/${booking.id}/cancel`, {}),
      ]);
      assert.equal(cancelled.status, 200);
      assert.equal((await charges(app, booking.id))[0].refunded, 4000);
    }
  });

  test('happens once under an idempotency key', async () => {
    const { booking, payment } = await bought();
    const key = { 'idempotency-key': 'sorry-for-the-pillar' };
    const first = await giveBack(payment, 700, key);
    const again = await giveBack(payment, 700, key);
    assert.deepEqual([again.status, again.body], [200, first.body]);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    assert.equal((await giveBack(payment, 800, key)).body.code, 'idempotency_key_reused');
    assert.equal((await charges(app, booking.id))[0].refunded, 700);
  });

  test('waits for an administrator when the provider refuses', async () => {
    const { booking, payment } = await bought('4000000000000507');
    const { status, body } = await giveBack(payment, 700);
    assert.deepEqual([status, body.status], [202, 'refused']);
    const [admin] = await app.people(1, 'admin');
    const stuck = await admin.client.get(`/admin/sagas?state=stuck&subjectId=${booking.id}`);
    assert.equal(stuck.body.data.length, 1);
    const settled = await admin.client.post(`/admin/refunds/${body.id}/settle`, {
      how: 'not_owed',
      note: 'No',
    });
    assert.deepEqual([settled.status, settled.body.status], [200, 'succeeded']);
    assert.equal((await read(booking.id)).status, 'confirmed');
  });

  test('is for the organizer of the event and admins', async () => {
    const { payment } = await bought();
    const [stranger] = await app.people(1, 'organizer');
    const [admin] = await app.people(1, 'admin');
    assert.equal((await giveBack(payment, 1, {}, buyer)).status, 403);
    assert.equal((await giveBack(payment, 1, {}, stranger)).status, 404);
    assert.equal((await giveBack(newId(), 1)).status, 404);
    assert.equal((await app.client().post(`/payments/${payment}/refund`, { amount: 1 })).status, 401);
    for (const [amount, status] of [
      [0, 422],
      [-5, 422],
      [1.5, 400],
      ['5', 400],
      [undefined, 400],
      [4001, 409],
    ] as const)
      assert.equal((await giveBack(payment, amount)).status, status, `${amount}`);
    assert.equal((await giveBack(payment, 4000, {}, admin)).status, 200);
  });
});
