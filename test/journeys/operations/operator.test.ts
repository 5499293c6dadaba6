import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { TicketsService } from '../../../src/tickets/tickets.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { card } from '../../support/money.js';
import type { Person } from '../../support/people.js';
import { until } from '../../support/until.js';

describe('the pages of operators', () => {
  let app: TestApp;
  let admin: Person;
  let buyer: Person;
  let sale: Sale;
  let booking: Json;
  beforeAll(async () => {
    app = await startApp({ logLevel: 'silent' });
    [admin] = await app.people(1, 'admin');
    [buyer] = await app.people(1);
    sale = await openSale(app, plainHall(1, 6));
    booking = (await buyer.client.post(`/events/${sale.eventId}/holds`, { seats: [0, 1] })).body;
    assert.equal((await buyer.client.post(`/bookings/${booking.id}/checkout`, card())).status, 200);
    await app.nest.get(TicketsService).issue(sale.eventId, booking.id);
    await until(async () => (await mails('?state=sent')).length > 0);
  });
  afterAll(() => app.close());

  const mails = async (query = ''): Promise<Json[]> =>
    (await admin.client.get(`/admin/mails${query}`)).body.data;
  const stored = async (to = buyer.email): Promise<Json[]> =>
    (await app.client().get(`//dev/mail.json?to=${encodeURIComponent(to)}`)).body;

  test('a mail that was sent has recipient and subject, and is found by both ends of its address', async () => {
    const [mail] = await mails(
      `?kind=notification&to=${encodeURIComponent(buyer.email.slice(5, 30).toUpperCase())}`,
    );
    assert.deepEqual([mail.to, mail.subject, mail.state], [buyer.email, 'Your booking for Final', 'sent']);
    assert.deepEqual(await mails('?to=nobody@example.org'), []);
    assert.deepEqual(await mails('?kind=account.reset'), []);
    assert.equal((await mails(`?userId=${buyer.id}&to=${encodeURIComponent(buyer.email)}`)).length, 1);
    assert.deepEqual(await mails(`?userId=${admin.id}&to=${encodeURIComponent(buyer.email)}`), []);
  });

  test('its text is written anew, with what is attached by name only, and nothing is kept for it', async () => {
    const [mail] = await mails('?state=sent');
    const [sent] = await stored();
    const { status, body } = await admin.client.get(`/admin/mails/${mail.id}/preview`);
    assert.equal(status, 200);
    assert.deepEqual(
      [body.to, body.subject, body.text, body.html],
      [sent.to, sent.subject, sent.text, sent.html],
    );
    assert.deepEqual(body.attachments, [
      { filename: 'tickets.pdf', contentType: 'application/pdf' },
      { filename: 'event.ics', contentType: 'text/calendar' },
    ]);
    const { rows } = await app.db.query('SELECT data FROM mail WHERE id = $1', [mail.id]);
    assert.deepEqual(Object.keys(rows[0].data), ['id']);
    assert.equal((await buyer.client.get(`/admin/mails/${mail.id}/preview`)).status, 403);
    assert.equal((await admin.client.get(`/admin/mails/${buyer.id}/preview`)).status, 404);
    const looks = (await admin.client.get('/admin/audit?action=GET%20/admin/mails/')).body.data;
    assert.deepEqual([looks[0].actor, looks[0].target, looks[1].target], [admin.id, buyer.id, mail.id]);
  });

  test('a link that stands for a password is not shown, and looking makes none', async () => {
    await app.client().post('/auth/forgot', { email: buyer.email });
    await until(async () => (await stored()).length === 2);
    const links = async () => (await app.db.query('SELECT FROM one_time_token')).rowCount;
    const before = await links();
    const [mail] = await mails('?kind=account.reset');
    const { body } = await admin.client.get(`/admin/mails/${mail.id}/preview`);
    assert.match(body.text, /\/reset\n/);
    assert.ok(!/token=/.test(body.text + body.html));
    assert.equal(await links(), before);
  });

  test('is sent once more as a new one, unless it waits or nobody is there', async () => {
    const [mail] = await mails(`?kind=notification&userId=${buyer.id}`);
    const again = await admin.client.post(`/admin/mails/${mail.id}/repeat`);
    assert.deepEqual([again.status, again.body.state, again.body.to], [200, 'pending', buyer.email]);
    assert.notEqual(again.body.id, mail.id);
    await until(async () => (await stored()).filter(({ subject }) => subject === mail.subject).length === 2);

    const put = async (state: string, kind: string, data: object) => {
      const id = crypto.randomUUID();
      await app.db.query(
        `INSERT INTO mail (id, kind, user_id, data, bulk, state, settled_at, due_at)
         VALUES ($1, $2, $3, $4, false, $5, CASE WHEN $5 <> 'pending' THEN now() END, now() + interval '1 day')`,
        [id, kind, buyer.id, JSON.stringify(data), state],
      );
      return id;
    };
    const refused = async (id: string) => (await admin.client.post(`/admin/mails/${id}/repeat`)).body.code;
    assert.equal(await refused(await put('pending', 'account.verify', {})), 'mail_under_way');
    // As a release before left it: without what it was made from.
    const old = await put('sent', 'notification', {});
    assert.equal(await refused(old), 'mail_not_repeatable');
    assert.equal((await admin.client.get(`/admin/mails/${old}/preview`)).body.code, 'mail_not_repeatable');
    const listed = (await mails()).find(({ id }) => id === old);
    assert.deepEqual([listed.to, listed.subject], [null, null]);
    assert.equal(await refused(crypto.randomUUID()), 'not_found');
  });

  test('an address that an account had before is forgotten once its mail is sent', async () => {
    const email = `${crypto.randomUUID()}@example.org`;
    const password = 'correct horse battery';
    const { accessToken, user } = (
      await app.client().post('/auth/register', { email, password, name: 'Ada' })
    ).body;
    const moved = await app
      .client(accessToken)
      .patch('/auth/me', { email: `new-${email}`, password }, { 'if-match': `"v${user.version}"` });
    assert.equal(moved.status, 200);
    await until(async () => (await stored(email)).some(({ subject }) => /changed/.test(subject)));
    await until(async () => (await mails('?kind=account.email_changed'))[0].state === 'sent');
    const [mail] = await mails('?kind=account.email_changed');
    assert.equal(mail.to, null);
    assert.equal(
      (await app.db.query('SELECT FROM mail WHERE data::text LIKE $1', [`%${email}%`])).rowCount,
      0,
    );
  });

  test('an account has its sessions, sums and bookings', async () => {
    const { body } = await admin.client.get(`/admin/users/${buyer.id}`);
    assert.deepEqual(
      [body.account.email, body.sessions, body.payments],
      [buyer.email, 1, [{ currency: 'EUR', captured: 4000, refunded: 0 }]],
    );
    const { data, total } = (await admin.client.get(`/admin/users/${buyer.id}/bookings`)).body;
    assert.deepEqual([total, data[0].id, data[0].status, data[0].total], [1, booking.id, 'confirmed', 4000]);
    const unknown = crypto.randomUUID();
    for (const path of [`/admin/users/${unknown}`, `/admin/users/${unknown}/bookings`])
      assert.equal((await admin.client.get(path)).status, 404);
    assert.equal(
      (await admin.client.get(`/admin/users/${buyer.id}/bookings?status=held`)).body.code,
      'invalid_query',
    );
  });

  test('what a buyer has to do for a payment is not shown to administrators', async () => {
    const held = (await buyer.client.post(`/events/${sale.eventId}/holds`, { seats: [3] })).body;
    await buyer.client.post(`/bookings/${held.id}/checkout`, card('4000002500003155'));
    const [own] = (await buyer.client.get('/bookings')).body.data;
    const [shown] = (await admin.client.get(`/admin/users/${buyer.id}/bookings`)).body.data;
    assert.deepEqual([own.id, shown.id], [held.id, held.id]);
    assert.ok(own.nextAction && !shown.nextAction);
  });

  test('the overview counts holds and sales, and names what waits for somebody', async () => {
    const before = (await admin.client.get('/admin/overview')).body;
    const latest = before.slots.at(-1);
    const counted = before.slots.reduce((sum: number, { holds }: Json) => sum + holds, 0);
    const sold = before.slots.reduce((sum: number, slot: Json) => sum + slot.sold, 0);
    assert.deepEqual(
      [before.slots.length, before.slotSeconds, counted, sold, before.metrics],
      [48, 900, 2, 1, 'anybody'],
    );
    assert.ok(latest.requests > 0 || before.slots.at(-2).requests > 0);
    assert.equal(before.slots[0].requests, null, 'this process was not there');
    assert.ok(!before.attention.some(({ kind }: Json) => kind === 'stuck_jobs'));
    await app.db.query(
      `INSERT INTO saga (id, kind, subject_id, state, step, attempts, data, reason) VALUES ($1, 'checkout', $2, 'stuck', 0, 1, '{}', 'test')`,
      [crypto.randomUUID(), booking.id],
    );
    await app.db.query(`UPDATE mail SET state = 'failed' WHERE kind = 'account.email_changed'`);
    const { attention } = (await admin.client.get('/admin/overview')).body;
    assert.deepEqual(attention, [
      { kind: 'stuck_jobs', count: 1 },
      { kind: 'failed_mails', count: 1 },
    ]);
  });
});
