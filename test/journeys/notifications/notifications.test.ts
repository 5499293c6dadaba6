import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import ICAL from 'ical.js';
import { io } from 'socket.io-client';
import { EventNoticesService } from '../../../src/notifications/notifications/event-notices.service.js';
import { KIND_NAMES } from '../../../src/notifications/notifications/notification.kinds.js';
import { isOver } from '../../../src/notifications/notifications/notification.rules.js';
import { textOf } from '../../../src/notifications/notifications/notification.texts.js';
import { NotificationIntakeService } from '../../../src/notifications/notifications/notification-intake.service.js';
import { DatabaseService } from '../../../src/platform/database/database.service.js';
import type { AnyFact } from '../../../src/platform/facts/fact-map.js';
import { MailWorkerService } from '../../../src/platform/mail/mail-worker.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { lapse } from '../../support/lapse.js';
import type { Person } from '../../support/people.js';
import { MailServer, type Received } from '../../support/smtp.js';
import { until } from '../../support/until.js';

const GOOD_CARD = '4242424242424242';
const SECOND_STEP = '4000002500003155';
const NO_REFUND = '4000000000000507';
const NO_CAPTURE = '4000000000000606';
const HOUR = 3_600_000;

describe('notifications', () => {
  let app: TestApp;
  let other: TestApp;
  let smtp: MailServer;
  let sale: Sale;
  let seat = 0;

  beforeAll(async () => {
    smtp = await MailServer.start();
    const settings = { mail: { smtpUrl: smtp.url }, http: { publicUrl: 'https://tickets.example.org' } };
    app = await startApp(settings);
    other = await startApp({ ...settings, database: app.config.database });
    sale = await openSale(app, plainHall(20, 20), {
      title: 'Final <b>& more</b> evil.example',
      minAge: 12,
      durationMinutes: 100,
    });
  });

  afterAll(async () => {
    await other.close();
    await assertAuditClean(app);
    await app.close();
    await smtp.close();
  });

  const person = async (): Promise<Person> => (await app.people(1))[0];
  const hold = async (by: Person, eventId = sale.eventId, n = seat++): Promise<Json> => {
    const { status, body } = await by.client.post(`/events/${eventId}/holds`, { seats: [n] });
    assert.equal(status, 201, JSON.stringify(body));
    return body;
  };
  const buy = async (by: Person, eventId = sale.eventId, n?: number, card = GOOD_CARD): Promise<Json> => {
    const { id } = await hold(by, eventId, n);
    const payment = { method: 'card', card: { number: card } };
    const { status, body } = await by.client.post(`/bookings/${id}/checkout`, { payment });
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };
  const list = async (by: Person, query = ''): Promise<Json> =>
    (await by.client.get(`/notifications${query}`)).body;
  const kinds = async (by: Person): Promise<string[]> =>
    (await list(by, '?limit=100')).data.map(({ kind }: Json) => kind);
  const told = async (by: Person, kind: string): Promise<Json> => {
    await until(async () => (await kinds(by)).includes(kind));
    return (await list(by)).data.find((entry: Json) => entry.kind === kind);
  };
  const callOff = async ({ eventId, organizer }: Sale) => {
    const { status, body } = await organizer.client.post(`/events/${eventId}/cancel`, {
      reason: 'The hall is flooded.',
    });
    assert.ok(status < 300, JSON.stringify(body));
  };
  const mailsTo = ({ email }: Person): Received[] => smtp.received.filter(({ to }) => to === email);
  const sending = (enough: () => boolean): Promise<void> =>
    until(async () => {
      await app.db.query(`UPDATE mail SET due_at = now() WHERE state = 'pending' AND lease IS NULL`);
      app.nest.get(MailWorkerService).nudge();
      return enough();
    });
  const mailed = async (by: Person, count: number): Promise<Received[]> => {
    await sending(() => mailsTo(by).length === count);
    return mailsTo(by);
  };
  const entryMailed = async (by: Person, method: string) => {
    const entry = () =>
      mailsTo(by)
        .map(entryIn)
        .find((found) => found?.method === method);
    await sending(() => entry() !== undefined);
    return entry()!;
  };

  test('tell of a booking: in the list, over the socket of any replica, and by mail with an entry for the calendar', async () => {
    const buyer = await person();
    await app.db.query(`UPDATE app_user SET locale = 'de' WHERE id = $1`, [buyer.id]);
    const heard: Json[] = [];
    const sockets = [app, other].map(({ url }) =>
      io(`${url}/live`, { transports: ['websocket'], auth: { token: buyer.token } }),
    );
    for (const socket of sockets) socket.on('notification', (message) => heard.push(message));
    await until(() => sockets.every(({ connected }) => connected));
    const { id, code } = await buy(buyer);
    const entry = await told(buyer, 'booking.confirmed');
    assert.equal(entry.title, 'Ihre Buchung: Final <b>& more</b> evil.example');
    assert.match(
      entry.text,
      new RegExp(`Die Buchung ${code} ist bestätigt. Wir sehen uns am \\p{L}+, \\d`, 'u'),
    );
    assert.deepEqual([entry.bookingId, entry.eventId, entry.readAt], [id, sale.eventId, null]);
    await until(() => heard.length === 2);
    assert.deepEqual(heard, [
      { ...entry, unread: 1 },
      { ...entry, unread: 1 },
    ]);
    for (const socket of sockets) socket.close();

    const [mail] = (await mailed(buyer, 1)) as [Received];
    const parts = decode(mail.raw);
    assert.match(parts, /Summe: 20,00/);
    assert.match(parts, /Dauer: 1\s+Std\. 40\s+Min\.\s+Alter: ab 12 Jahren\s+Wo: Hall, Street 1, Erfurt/);
    assert.match(parts, new RegExp(`href="https://tickets\\.example\\.org/bookings/${id}"`));
    const page = /<!doctype[\s\S]*<\/html>/.exec(parts)![0];
    assert.doesNotMatch(page, /<b>&|evil\.example/);
    const calendar = /BEGIN:VCALENDAR[\s\S]*END:VCALENDAR/.exec(parts)![0];
    const event = new ICAL.Component(ICAL.parse(calendar)).getFirstSubcomponent('vevent')!;
    assert.equal(event.getFirstPropertyValue('location'), 'Hall, Street 1, Erfurt');
    // The attachment that the mail announces is there: as many pages as places.
    assert.ok(parts.includes('Ihre Karten sind als PDF angehängt.'));
    assert.ok(mail.raw.includes('filename=tickets.pdf'));
    assert.equal(parts.match(/%PDF-1/g)?.length, 1);
    assert.equal(parts.match(/\/Type \/Page\b(?!s)/g)?.length, 1);
  });

  test('are read one by one or all, by their person only, page by page', async () => {
    const buyer = await person();
    for (let i = 0; i < 5; i++) await buy(buyer);
    await until(async () => (await list(buyer)).unread === 5);
    const first = await list(buyer, '?limit=2');
    const second = await list(buyer, `?limit=2&cursor=${first.next}`);
    const third = await list(buyer, `?limit=2&cursor=${second.next}`);
    const ids = [...first.data, ...second.data, ...third.data].map(({ id }: Json) => id);
    assert.deepEqual([new Set(ids).size, third.next], [5, null]);
    const stranger = await person();
    assert.equal((await stranger.client.post(`/notifications/${ids[0]}/read`)).status, 404);
    assert.equal((await list(stranger)).data.length, 0);
    const read = await buyer.client.post(`/notifications/${ids[0]}/read`);
    assert.equal(read.status, 200);
    assert.deepEqual((await buyer.client.post(`/notifications/${ids[0]}/read`)).body, read.body);
    const unread = await list(buyer, '?unread=true');
    assert.deepEqual([unread.data.length, unread.unread], [4, 4]);
    assert.deepEqual((await buyer.client.post('/notifications/read-all')).body, { read: 4 });
    assert.deepEqual((await buyer.client.post('/notifications/read-all')).body, { read: 0 });
    assert.equal((await buyer.client.get('/notifications?cursor=x')).body.code, 'invalid_cursor');
    assert.equal((await buyer.client.get('/notifications?unread=maybe')).status, 400);
    assert.equal((await buyer.client.post('/notifications/x/read')).body.code, 'invalid_parameter');
    assert.equal((await app.client().get('/notifications')).status, 401);
  });

  test('of money that goes back, or does not yet, come with the sum', async () => {
    const [glad, sad] = [await person(), await person()];
    const booking = await buy(glad);
    await mailed(glad, 1);
    assert.equal((await glad.client.post(`/bookings/${booking.id}/cancel`, {})).status, 200);
    const cancelled = await told(glad, 'booking.cancelled');
    assert.match(cancelled.text, new RegExp(`Booking ${booking.code}: €20.00 goes back`));
    const stuck = await buy(sad, sale.eventId, undefined, NO_REFUND);
    await sad.client.post(`/bookings/${stuck.id}/cancel`, {});
    assert.match((await told(sad, 'refund.delayed')).text, /€20\.00 .*could not be paid back/);
    const mails = (await mailed(glad, 2)).map(({ raw }) => decode(raw));
    assert.ok(
      mails.some((mail) => mail.includes('€20.00 goes back')),
      mails.join('\n'),
    );
  });

  test('of a payment that came late say what it got, or that nothing is charged', async () => {
    const [lucky, late, quick] = [await person(), await person(), await person()];
    const pay = async (by: Person, n: number) => {
      const { id } = await hold(by, sale.eventId, n);
      const payment = { method: 'card', card: { number: SECOND_STEP } };
      const { status, body } = await by.client.post(`/bookings/${id}/checkout`, { payment });
      assert.deepEqual([status, body.status], [202, 'paying']);
      await lapse(app.db, sale.eventId, id);
      await told(by, 'booking.expired');
      return () => app.client().post(body.nextAction.url.replace(/^.*\/api\/v1/, ''), {});
    };
    const [confirmLucky, confirmLate] = [await pay(lucky, 300), await pay(late, 301)];
    await hold(quick, sale.eventId, 301);
    await Promise.all([confirmLucky(), confirmLate()]);
    await told(lucky, 'booking.restored');
    assert.match((await told(late, 'payment.returned')).text, /gone by then, so €20\.00 is not charged/);
  });

  test('of a hold that ran out come in the list only; of an offer to somebody who waits also by mail', async () => {
    const full = await openSale(app, plainHall(1, 2));
    const [buyer, waiter] = [await person(), await person()];
    const [one, two] = [await hold(buyer, full.eventId, 0), await hold(buyer, full.eventId, 1)];
    const entry = await waiter.client.post(`/events/${full.eventId}/waitlist`, { quantity: 1 });
    assert.equal(entry.status, 201, JSON.stringify(entry.body));
    await lapse(app.db, full.eventId, one.id);
    await told(buyer, 'booking.expired');
    const offer = await told(waiter, 'waitlist.offered');
    assert.match(offer.text, /a place is kept for you until/);
    assert.match(decode((await mailed(waiter, 1))[0]!.raw), /https:\/\/tickets\.example\.org\/waitlist/);
    await lapse(app.db, full.eventId, offer.bookingId);
    await told(waiter, 'waitlist.expired');
    await buyer.client.delete(`/bookings/${two.id}`);
    assert.deepEqual(await kinds(waiter), ['waitlist.expired', 'waitlist.offered']);
    assert.deepEqual(mailsTo(buyer), []);
  });

  test('follow what people prefer; what is about a seat or money stays in the list', async () => {
    const buyer = await person();
    const all = (await buyer.client.get('/notifications/preferences')).body.data;
    assert.deepEqual(
      all.map(({ kind }: Json) => kind),
      KIND_NAMES,
    );
    const put = (data: Json) => buyer.client.put('/notifications/preferences', { data });
    const refused = await put([{ kind: 'booking.confirmed', inApp: false, mail: false }]);
    assert.deepEqual(
      [refused.status, refused.body.code, refused.body.errors[0].path],
      [422, 'notification_required', 'data.0.inApp'],
    );
    const quiet = { kind: 'booking.confirmed', inApp: true, mail: false };
    for (const bad of [
      [{ ...quiet, kind: 'x' }],
      [quiet, quiet],
      [{ kind: quiet.kind }],
      'x',
      [{ ...quiet, x: 1 }],
    ])
      assert.ok([400, 422].includes((await put(bad)).status), JSON.stringify(bad));
    const set = await put([quiet, { kind: 'booking.expired', inApp: false, mail: true }]);
    assert.equal(set.body.data.find((p: Json) => p.kind === 'booking.confirmed').mail, false);
    await buy(buyer);
    await told(buyer, 'booking.confirmed');
    const lost = await hold(buyer);
    await lapse(app.db, sale.eventId, lost.id);
    const mails = await mailed(buyer, 1);
    assert.match(decode(mails[0]!.raw), /Nothing was charged for it/);
    assert.deepEqual(await kinds(buyer), ['booking.confirmed']);
    await put([]);
    assert.deepEqual((await buyer.client.get('/notifications/preferences')).body.data, all);
  });

  test('of an event reach everyone who goes there, once: its new time, and that it is cancelled', async () => {
    const event = await openSale(app, plainHall(2, 20));
    const buyers = await app.people(12);
    await Promise.all(buyers.map((buyer, n) => buy(buyer, event.eventId, n)));
    const [gone, holding, friend] = [await person(), await person(), await person()];
    const returned = await buy(gone, event.eventId, 20);
    await gone.client.post(`/bookings/${returned.id}/cancel`, {});
    await hold(holding, event.eventId, 21);
    const [ticket] = (await buyers[0]!.client.get('/tickets')).body.data;
    await buyers[0]!.client.post(`/tickets/${ticket.id}/transfer`, { email: friend.email });
    const [transfer] = (await friend.client.get('/ticket-transfers')).body.data;
    assert.equal((await friend.client.post(`/ticket-transfers/${transfer.id}/accept`)).status, 200);
    await told(buyers[0]!, 'ticket.transferred');
    const { organizer, eventId } = event;
    const edit = async (changes: Json) => {
      const { headers } = await organizer.client.get(`/events/${eventId}`);
      const edited = await organizer.client.patch(`/events/${eventId}`, changes, {
        'if-match': headers.etag!,
      });
      assert.equal(edited.status, 200, JSON.stringify(edited.body));
    };
    const startsAt = new Date(Date.now() + 20 * 24 * HOUR).toISOString();
    await edit({ description: 'No news' });
    await edit({ startsAt });
    await Promise.all([...buyers, friend].map((buyer) => told(buyer, 'event.changed')));
    // Calendars take over the new time; also the calendar of who has the ticket from somebody else.
    const published = await entryMailed(friend, 'PUBLISH');
    assert.equal(published.start, startsAt.replace(/\.\d+/, ''));
    await callOff(event);
    await Promise.all([...buyers, friend].map((buyer) => told(buyer, 'event.cancelled')));
    const { rows } = await app.db.query(
      `SELECT kind, count(*)::int AS n FROM notification WHERE event_id = $1 AND kind LIKE 'event.%' GROUP BY kind ORDER BY kind`,
      [eventId],
    );
    assert.deepEqual(rows, [
      { kind: 'event.cancelled', n: 14 },
      { kind: 'event.changed', n: 13 },
    ]);
    assert.match(
      (await told(friend, 'event.cancelled')).text,
      /does not take place\. The hall is flooded\. Your money is paid back/,
    );
    const cancelled = await entryMailed(friend, 'CANCEL');
    assert.equal(cancelled.uid, published.uid);
    assert.ok(cancelled.sequence > published.sequence);
    assert.ok(!(await kinds(gone)).includes('event.cancelled'));
    assert.match(
      (await told(holding, 'event.cancelled')).text,
      /flooded\. Your booking was not finished: nothing/,
    );
  });

  test('of a bank that takes back its word say that it did not pay, and nothing of a sale', async () => {
    const buyer = await person();
    const statuses: string[] = [];
    const socket = io(`${app.url}/live`, { transports: ['websocket'], auth: { token: buyer.token } });
    socket.on('booking.changed', ({ status }) => statuses.push(status));
    await until(() => socket.connected);
    const { id, code } = await hold(buyer);
    const payment = { method: 'card', card: { number: NO_CAPTURE } };
    const refused = await buyer.client.post(`/bookings/${id}/checkout`, { payment });
    assert.deepEqual([refused.status, refused.body.code], [402, 'payment_not_collected']);
    const { title, text } = await told(buyer, 'payment.returned');
    assert.match(title, /^Your bank did not pay for Final/);
    assert.match(text, new RegExp(`booking ${code} .*ended.*€20\\.00 is not charged`));
    await until(() => statuses.at(-1) === 'cancelled');
    socket.close();
    assert.ok(!statuses.includes('confirmed'), statuses.join());
    assert.deepEqual(await kinds(buyer), ['payment.returned']);
    assert.equal((await mailed(buyer, 1)).length, 1);
  });

  test('of an event that is called off reach also who held, paid or was offered places: nothing is charged', async () => {
    const event = await openSale(app, plainHall(1, 3));
    const [holding, paying, waiter] = [await person(), await person(), await person()];
    await app.db.query(`UPDATE app_user SET locale = 'de' WHERE id = $1`, [paying.id]);
    await hold(holding, event.eventId, 0);
    const second = await hold(paying, event.eventId, 1);
    const payment = { method: 'card', card: { number: SECOND_STEP } };
    assert.equal((await paying.client.post(`/bookings/${second.id}/checkout`, { payment })).status, 202);
    const freed = await hold(holding, event.eventId, 2);
    await waiter.client.post(`/events/${event.eventId}/waitlist`, { quantity: 1 });
    await holding.client.delete(`/bookings/${freed.id}`);
    await told(waiter, 'waitlist.offered');
    await callOff(event);
    for (const by of [holding, waiter])
      assert.match((await told(by, 'event.cancelled')).text, /flooded\. .*nothing is charged for it/);
    assert.match((await told(paying, 'event.cancelled')).text, /flooded\. .*Es wird nichts abgebucht/);
    assert.match((await told(waiter, 'waitlist.closed')).text, /was cancelled\. The hall is flooded\./);
    await until(async () => (await paying.client.get(`/bookings/${second.id}`)).body.status === 'released');
    for (const by of [holding, paying, waiter]) {
      const texts = (await list(by)).data.map(({ text, title }: Json) => `${title} ${text}`).join();
      assert.doesNotMatch(texts, /time to pay|too late|zu spät|abgelaufen|next in line gets it/);
    }
    assert.match(decode((await mailed(holding, 1))[0]!.raw), /nothing is charged for it/);
  });

  test('of a venue with another name or address reach who goes there, in each language; another spelling is no news', async () => {
    const event = await openSale(app, plainHall(1, 5));
    const [buyer, german] = [await person(), await person()];
    await app.db.query(`UPDATE app_user SET locale = 'de' WHERE id = $1`, [german.id]);
    await buy(buyer, event.eventId, 0);
    await buy(german, event.eventId, 1);
    const { venueId } = (await event.organizer.client.get(`/events/${event.eventId}`)).body;
    const edit = async (changes: Json) => {
      const path = `/venues/${venueId}`;
      const { headers } = await event.organizer.client.get(path);
      const edited = await event.organizer.client.patch(path, changes, { 'if-match': headers.etag! });
      assert.equal(edited.status, 200, JSON.stringify(edited.body));
    };
    await edit({ name: 'HALL', address: ' Street  1 '.trim(), capacity: 9_000, description: 'With a bar' });
    await edit({ address: 'Other Street 7' });
    assert.match(
      (await told(buyer, 'event.changed')).text,
      /now takes place here: HALL, Other Street 7, Erfurt\. Your tickets stay valid/,
    );
    const { title, text } = await told(german, 'event.changed');
    assert.match(
      `${title} ${text}`,
      /^Neuer Ort: .* findet jetzt hier statt: HALL, Other Street 7, Erfurt\./,
    );
    assert.deepEqual(
      (await kinds(buyer)).filter((kind) => kind === 'event.changed'),
      ['event.changed'],
    );
    // Sales have a reader of their own: their mail may come after the one about the venue.
    const mails = (await mailed(buyer, 2)).map(({ raw }) => decode(raw));
    assert.ok(
      mails.some((mail) => mail.includes('Where: HALL, Other Street 7, Erfurt')),
      mails.join('\n'),
    );
  });

  test('remind each person once of what begins soon, whatever number of replicas looks, and however late', async () => {
    const event = await openSale(app, plainHall(2, 20));
    const called = await openSale(app, plainHall(1, 5));
    const buyers = await app.people(10);
    await Promise.all(buyers.map((buyer, n) => buy(buyer, event.eventId, n)));
    await Promise.all([10, 11].map((n) => buy(buyers[0]!, event.eventId, n)));
    const missed = await person();
    await buy(missed, called.eventId, 0);
    await callOff(called);
    const remind = () => Promise.all([app, other].map(({ nest }) => nest.get(EventNoticesService).remind()));
    await remind();
    const reminded = async () =>
      (await app.db.query(`SELECT user_id FROM notification WHERE kind = 'event.reminder'`)).rows;
    assert.deepEqual(await reminded(), [], 'a month before');
    for (const { eventId } of [event, called])
      await app.db.query(
        `UPDATE event SET starts_at = now() + interval '5 h', ends_at = now() + interval '7 h' WHERE id = $1`,
        [eventId],
      );
    await remind();
    assert.deepEqual(await reminded(), [], 'all have booked only just now');
    await app.db.query(`UPDATE booking SET created_at = now() - interval '3 d' WHERE event_id = $1`, [
      event.eventId,
    ]);
    await remind();
    await remind();
    assert.deepEqual(
      (await reminded()).map((row) => row.user_id).toSorted(),
      buyers.map(({ id }) => id).toSorted(),
    );
    assert.match((await told(buyers[0]!, 'event.reminder')).text, /Have your tickets ready/);
    await app.db.query(
      `UPDATE event SET starts_at = starts_at + interval '1 h', ends_at = ends_at + interval '1 h' WHERE id = $1`,
      [event.eventId],
    );
    await remind();
    await remind();
    assert.equal((await reminded()).length, 2 * buyers.length, 'once more for another start');
  });

  test('are made once for a fact, also when it is handled twice, and never for who is gone', async () => {
    const [buyer, leaving] = [await person(), await person()];
    const { id } = await buy(buyer);
    const bought = await buy(leaving);
    await Promise.all([told(buyer, 'booking.confirmed'), told(leaving, 'booking.confirmed')]);
    await leaving.client.put('/notifications/preferences', {
      data: [{ kind: 'event.reminder', inApp: false, mail: false }],
    });
    const again = async (bookingId: string) => {
      const { rows } = await app.db.query(
        `SELECT *, stream_id AS "streamId" FROM fact WHERE stream_id = $1 AND type = 'booking.confirmed'`,
        [bookingId],
      );
      await app.nest
        .get(DatabaseService)
        .transaction((tx) => app.nest.get(NotificationIntakeService).take(tx, rows[0] as AnyFact as never));
    };
    await again(id);
    assert.deepEqual(await kinds(buyer), ['booking.confirmed']);
    await app.db.query(
      `UPDATE app_user SET email = NULL, name = NULL, password_hash = NULL, email_verified_at = NULL, deleted_at = now() WHERE id = $1`,
      [leaving.id],
    );
    await app.db.query(
      `INSERT INTO fact (stream, stream_id, version, type, data) VALUES ('account', $1, 1, 'account.erased', '{}')`,
      [leaving.id],
    );
    const left = async (table: string) =>
      (await app.db.query(`SELECT FROM ${table} WHERE user_id = $1`, [leaving.id])).rowCount;
    await until(async () => (await left('notification')) === 0);
    await again(bought.id);
    assert.deepEqual([await left('notification'), await left('notification_preference')], [0, 0]);
  });

  test('say something in each language, and nothing that has become untrue', () => {
    const data = {
      code: 'K7RM-2XQF',
      title: 'Final',
      startsAt: '2027-08-01T18:00:00.000Z',
      timezone: 'Europe/Berlin',
      expiresAt: '2027-07-01T10:00:00.000Z',
    };
    for (const kind of KIND_NAMES)
      for (const locale of ['en', 'de'] as const)
        for (const more of [{}, { amount: 500, currency: 'EUR', quantity: 2, partial: true }]) {
          const { title, text } = textOf(kind, { ...data, ...more }, locale);
          assert.doesNotMatch(`${title} ${text}`, /undefined|null|NaN| {2}/);
        }
    const event = { status: 'published', startsAt: new Date(data.startsAt) } as const;
    const now = new Date('2027-08-01T12:00:00Z');
    assert.equal(isOver('event.reminder', event, undefined, now), false);
    assert.equal(isOver('event.reminder', event, undefined, event.startsAt), true);
    assert.equal(isOver('event.changed', { ...event, status: 'cancelled' }, undefined, now), true);
    assert.equal(isOver('booking.confirmed', event, 'cancelled', now), true);
    assert.equal(isOver('booking.cancelled', event, 'cancelled', now), false);
    assert.equal(isOver('waitlist.offered', event, 'held', now), false);
  });
});

/** The entry for calendars that a mail brings, if it does. */
function entryIn({ raw }: Received) {
  const text = /BEGIN:VCALENDAR[\s\S]*?END:VCALENDAR/.exec(decode(raw))?.[0];
  if (!text) return undefined;
  const calendar = new ICAL.Component(ICAL.parse(text));
  const event = calendar.getFirstSubcomponent('vevent')!;
  return {
    method: calendar.getFirstPropertyValue('method'),
    uid: event.getFirstPropertyValue('uid'),
    sequence: Number(event.getFirstPropertyValue('sequence')),
    start: new ICAL.Event(event).startDate.toJSDate().toISOString().replace(/\.\d+/, ''),
  };
}

/** The parts of a mail as one text: quoted-printable and base64 undone. */
function decode(raw: string): string {
  return raw
    .split(/\r\n--[^\r\n]+\r\n/)
    .map((part) => {
      const [head = '', ...body] = part.split('\r\n\r\n');
      const text = body.join('\r\n\r\n');
      if (/base64/i.test(head)) return Buffer.from(text, 'base64').toString('utf8');
      const joined = text.replace(/=\r\n/g, '');
      return Buffer.from(
        joined.replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
        'latin1',
      ).toString('utf8');
    })
    .join('\n');
}

describe('notifications during a rolling restart', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ role: 'api' });
  });
  afterAll(() => app.close());

  test('tell of a sale that the release before has led past: once', async () => {
    const { eventId } = await openSale(app, plainHall(1, 2));
    const buyer = (await app.people(1))[0];
    // As this release and then the one before have led: the second knows `notifications`, and no news in payments.
    await app.db.query(
      `INSERT INTO fact_cursor (handler, seen, until, pos)
       SELECT name, pg_current_snapshot(), pg_current_snapshot(), 0
       FROM unnest('{notifications,sale-notifications}'::text[]) name`,
    );
    const { body: held } = await buyer.client.post(`/events/${eventId}/holds`, { seats: [0] });
    const payment = { method: 'card', card: { number: GOOD_CARD } };
    assert.equal((await buyer.client.post(`/bookings/${held.id}/checkout`, { payment })).status, 200);
    await app.db.query(
      `UPDATE fact_cursor SET seen = pg_current_snapshot(), until = pg_current_snapshot() WHERE handler = 'notifications'`,
    );
    const worker = await startApp({ database: app.config.database });
    const kinds = async () =>
      (await buyer.client.get('/notifications')).body.data.map(({ kind }: Json) => kind);
    await until(async () => (await kinds()).length > 0);
    assert.deepEqual(await kinds(), ['booking.confirmed']);
    await worker.close();
  });
});
