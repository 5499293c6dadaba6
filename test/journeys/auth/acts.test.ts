import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { startApp, type TestApp } from '../../support/app.js';
import type { Json } from '../../support/client.js';
import { openSale, plainHall } from '../../support/halls.js';
import { card } from '../../support/money.js';
import type { Person } from '../../support/people.js';
import { until } from '../../support/until.js';

describe('the audit of acts', () => {
  let app: TestApp;
  let admin: Person;
  let person: Person;
  beforeAll(async () => {
    app = await startApp();
    [admin] = await app.people(1, 'admin');
    [person] = await app.people(1);
  });
  afterAll(() => app.close());

  const list = async (query = ''): Promise<Json> => (await admin.client.get(`/admin/audit${query}`)).body;

  test('says who did what to whom, when, and how it ended', async () => {
    const done = await admin.client.patch(`/admin/users/${person.id}`, { role: 'organizer' });
    assert.equal(done.status, 200);
    const failed = await admin.client.patch(`/admin/users/${crypto.randomUUID()}`, { role: 'admin' });
    assert.equal(failed.status, 404);
    await until(async () => (await list()).data.every(({ status }: Json) => status !== null));
    const { data } = await list(`?target=${person.id}&actor=${admin.id}&action=PATCH%20/admin/users`);
    assert.equal(data.length, 1);
    const [{ id, at, ...act }] = data;
    assert.ok(id && Math.abs(Date.now() - Date.parse(at)) < 600_000);
    assert.deepEqual(act, {
      actor: admin.id,
      actorName: `Person ${admin.id.slice(0, 8)}`,
      role: 'admin',
      action: 'PATCH /admin/users/{id}',
      target: person.id,
      about: { kind: 'account', id: person.id, name: `Person ${person.id.slice(0, 8)}` },
      said: { role: 'organizer' },
      currency: null,
      correlationId: done.headers['x-correlation-id'],
      status: 200,
    });
    const page = await list('?limit=1');
    assert.equal(page.data[0].status, 404, 'what failed is there as well, newest first');
    assert.equal((await list(`?limit=1&cursor=${page.next}`)).data[0].id, id);
    assert.deepEqual((await list('?from=2100-01-01T00:00:00Z')).data, []);
    assert.equal((await admin.client.get('/admin/audit?cursor=x')).body.code, 'invalid_cursor');
  });

  test('names the event, also of a payment of it, and finds all acts about it', async () => {
    const sale = await openSale(app, plainHall(1, 4));
    const [buyer] = await app.people(1);
    const { body } = await buyer.client.post(`/events/${sale.eventId}/holds`, { seats: [0] });
    assert.equal((await buyer.client.post(`/bookings/${body.id}/checkout`, card())).status, 200);
    const [{ id: payment, currency }] = (await buyer.client.get('/payments')).body.data;
    assert.equal((await admin.client.post(`/payments/${payment}/refund`, { amount: 1 })).status, 200);
    assert.equal(
      (await sale.organizer.client.post(`/events/${sale.eventId}/seats/block`, { seats: [1, 2] })).status,
      200,
    );
    const { data } = await list(`?eventId=${sale.eventId}`);
    const title = (await buyer.client.get(`/events/${sale.eventId}`)).body.title;
    const [blocked, refunded] = data;
    const about = { kind: 'event', id: sale.eventId, name: title };
    assert.deepEqual(
      [blocked.action, blocked.said, blocked.about],
      ['POST /events/{id}/seats/block', { seats: 2 }, about],
    );
    assert.deepEqual(
      [refunded.action, refunded.said, refunded.currency, refunded.about, refunded.actor],
      ['POST /payments/{id}/refund', { amount: 1 }, currency, about, admin.id],
    );
    assert.ok(data.every((act: Json) => act.about.id === sale.eventId));
    assert.deepEqual((await list(`?eventId=${crypto.randomUUID()}`)).data, []);
  });

  test('has each look at the mails and the account of somebody, and forgets names with the person', async () => {
    const [left] = await app.people(1);
    assert.equal((await admin.client.get(`/admin/users/${left.id}`)).status, 200);
    const [look] = (await list(`?target=${left.id}`)).data;
    assert.deepEqual([look.action, look.actor], ['GET /admin/users/{id}', admin.id]);
    assert.equal((await admin.client.get('/admin/mails')).status, 200);
    assert.equal((await list('?action=GET%20/admin/mails')).data.length, 1);
    await app.db.query(
      `UPDATE app_user SET email = NULL, name = NULL, password_hash = NULL, email_verified_at = NULL, deleted_at = now()
       WHERE id = $1`,
      [left.id],
    );
    const [after] = (await list(`?target=${left.id}`)).data;
    assert.deepEqual(after.about, { kind: 'account', id: left.id, name: null });
  });

  test('cannot be changed, removed or hidden', async () => {
    for (const statement of [
      `UPDATE act SET actor = NULL`,
      `DELETE FROM act`,
      `TRUNCATE act CASCADE`,
      `UPDATE act_outcome SET status = 200`,
      `DELETE FROM act_outcome`,
    ])
      await assert.rejects(app.db.query(statement), { code: '23001' }, statement);
    // An act that cannot be recorded is not done.
    await app.db.query('ALTER TABLE act RENAME TO act_away');
    try {
      assert.ok((await admin.client.patch(`/admin/users/${person.id}`, { role: 'user' })).status >= 500);
    } finally {
      await app.db.query('ALTER TABLE act_away RENAME TO act');
    }
    const { rows } = await app.db.query('SELECT role FROM app_user WHERE id = $1', [person.id]);
    assert.equal(rows[0].role, 'organizer');
  });
});
