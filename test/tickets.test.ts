import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import ICAL from 'ical.js';
import { TicketsService } from '../src/tickets/tickets.service.js';
import { startApp, type TestApp } from './support/app.js';
import { assertAuditClean } from './support/audit.js';
import type { Json } from './support/client.js';
import { openSale, plainHall, type Sale } from './support/halls.js';
import { countStatuses } from './support/load.js';
import type { Person } from './support/people.js';
import { tool, without } from './support/tools.js';

describe('tickets', () => {
  let app: TestApp;
  let sale: Sale;
  let buyer: Person;
  let friend: Person;
  let seat = 0;
  const folder = mkdtempSync(join(tmpdir(), 'evently-tickets-'));

  const buy = async (count = 1, who = buyer): Promise<Json[]> => {
    const seats = Array.from({ length: count }, () => seat++);
    const held = await who.client.post(`/events/${sale.eventId}/holds`, { seats });
    const { status, body } = await who.client.post(`/bookings/${held.body.id}/checkout`, {
      payment: { method: 'card', card: { number: '4242424242424242' } },
    });
    assert.equal(status, 200, JSON.stringify(body));
    await app.nest.get(TicketsService).issue(sale.eventId, body.id);
    return (await who.client.get(`/bookings/${body.id}/tickets`)).body.data;
  };
  const scan = (body: Json, path = '', at = sale) =>
    at.organizer.client.post(`/events/${at.eventId}/check-in${path}`, { gate: 'North', ...body });
  const cancel = (ticket: Json) =>
    buyer.client.post(`/bookings/${ticket.bookingId}/cancel`, { items: [ticket.itemId] });
  /** Into a file, as a person would download it. */
  const download = async (path: string, name: string, language = 'en'): Promise<string> => {
    const answer = await fetch(`${app.url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${buyer.token}`, 'accept-language': language },
    });
    assert.equal(answer.status, 200, await answer.clone().text());
    const file = join(folder, name);
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
    return file;
  };
  const readQr = (file: string) =>
    execFileSync(tool('zbarimg'), ['--nodbus', '--quiet', '--raw', '-Sbinary', file]).toString().trim();
  /** As a scanner without a connection does it: docs/TICKETS.md. */
  const verifiesOffline = async (token: string): Promise<boolean> => {
    const { keys } = (await app.client().get('/tickets/keys')).body;
    const bytes = Buffer.from(token, 'base64url');
    const key = keys.find(({ kid }: Json) => kid === bytes.subarray(1, 5).toString('hex'));
    if (!key || bytes[0] !== 1 || bytes.toString('base64url') !== token) return false;
    const publicKey = createPublicKey({ key, format: 'jwk' });
    return verify(null, bytes.subarray(0, -64), publicKey, bytes.subarray(-64));
  };

  before(async () => {
    app = await startApp();
    sale = await openSale(app, plainHall(20, 20, [{ name: 'Floor', capacity: 10 }]), {
      title: 'Ein Abend mit Жанна Øster & Freunden',
    });
    [buyer, friend] = (await app.people(2)) as [Person, Person];
  });

  after(async () => {
    rmSync(folder, { recursive: true });
    await assertAuditClean(app);
    await app.close();
  });

  it('gives each item one ticket, however often it is asked to', async () => {
    const [first] = await buy(3);
    const issue = () => app.nest.get(TicketsService).issue(sale.eventId, first!.bookingId);
    await Promise.all(Array.from({ length: 10 }, issue));
    const { data } = (await buyer.client.get(`/bookings/${first!.bookingId}/tickets`)).body;
    assert.equal(data.length, 3);
    assert.equal(new Set(data.map(({ code }: Json) => code)).size, 3);
    assert.equal(new Set(data.map(({ itemId }: Json) => itemId)).size, 3);
    assert.ok(data.every(({ status, token }: Json) => status === 'valid' && token.length === 138));
    assert.equal((await friend.client.get(`/bookings/${first!.bookingId}/tickets`)).status, 404);
    assert.equal((await friend.client.get(`/tickets/${first!.id}`)).status, 404);
    assert.equal((await friend.client.get(`/tickets/${first!.id}/qr.png`)).status, 404);
  });

  it('verifies with the published key alone; no changed byte does', async () => {
    const [ticket] = await buy();
    const { token } = ticket!;
    assert.ok(await verifiesOffline(token));
    const bytes = Buffer.from(token, 'base64url');
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed[i]! ^= 1 << (i % 8);
      assert.equal(await verifiesOffline(changed.toString('base64url')), false, `byte ${i}`);
      const { status, body } = await scan({ token: changed.toString('base64url') });
      assert.deepEqual([status, body.code], [422, 'ticket_not_genuine'], `byte ${i}`);
    }
    const last = token.at(-1)!;
    const sameBytes = token.slice(0, -1) + String.fromCharCode(last.charCodeAt(0) + 1);
    for (const wrong of [`${token}=`, ` ${token}`, token.slice(1), `${token}A`, sameBytes, '', 'x'])
      assert.equal((await scan({ token: wrong })).body.code, 'ticket_not_genuine', wrong);
    assert.equal((await scan({ token })).status, 200);
  });

  it('shows a QR that another reader reads: as PNG, as SVG and on the printed page', {
    skip: without('zbarimg') || without('pdftoppm'),
  }, async () => {
    const [ticket] = await buy();
    assert.equal(readQr(await download(`/tickets/${ticket!.id}/qr.png`, 'qr.png')), ticket!.token);
    const pdf = await download(`/tickets/${ticket!.id}/ticket.pdf`, 'ticket.pdf', 'de');
    execFileSync(tool('pdftoppm'), ['-r', '150', '-png', pdf, join(folder, 'page')]);
    const read = readQr(join(folder, 'page-1.png'));
    assert.equal(read, ticket!.token);
    assert.ok(await verifiesOffline(read));
    const svg = await buyer.client.get(`/tickets/${ticket!.id}/qr.svg`);
    assert.match(svg.headers['content-type']!, /^image\/svg\+xml/);
  });

  it('prints a page for each ticket that another reader finds sound', { skip: without('qpdf') }, async () => {
    const [ticket] = await buy(3);
    const pdf = await download(`/bookings/${ticket!.bookingId}/tickets.pdf`, 'tickets.pdf');
    assert.match(
      execFileSync(tool('qpdf'), ['--check', pdf]).toString(),
      /No syntax or stream encoding errors/,
    );
    assert.equal(execFileSync(tool('qpdf'), ['--show-npages', pdf]).toString().trim(), '3');
  });

  it('is a calendar entry in another library, right across the change to winter time', async () => {
    const { client } = sale.organizer;
    const { headers } = await client.get(`/events/${sale.eventId}`);
    // 23:30 in summer time to 02:30 in winter time: four hours, not three.
    const times = { startsAt: '2027-10-30T23:30:00+02:00', endsAt: '2027-10-31T02:30:00+01:00' };
    const edited = await client.patch(`/events/${sale.eventId}`, times, { 'if-match': headers.etag! });
    assert.equal(edited.status, 200, JSON.stringify(edited.body));
    const [ticket] = await buy(2);
    const { body, headers: given } = await buyer.client.get(`/bookings/${ticket!.bookingId}/tickets.ics`);
    assert.match(given['content-type']!, /^text\/calendar/);
    const event = new ICAL.Event(new ICAL.Component(ICAL.parse(body)).getFirstSubcomponent('vevent')!);
    assert.equal(event.summary, 'Ein Abend mit Жанна Øster & Freunden');
    assert.equal(event.startDate.toJSDate().toISOString(), '2027-10-30T21:30:00.000Z');
    assert.equal(event.endDate.toJSDate().toISOString(), '2027-10-31T01:30:00.000Z');
    assert.match(event.uid, new RegExp(`^booking-${ticket!.bookingId}@`));
    assert.equal(event.location, 'Hall, Street 1, Erfurt');
  });

  it('lets one in of fifty who show the same ticket at fifty gates', async () => {
    const [ticket] = await buy();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => scan({ token: ticket!.token, gate: `Gate ${i}` })),
    );
    assert.deepEqual(countStatuses(answers), { 200: 1, 409: 49 });
    const winner = answers.find(({ status }) => status === 200)!.body;
    for (const { status, body } of answers)
      if (status === 409)
        assert.deepEqual(
          [body.code, body.gate, body.checkedInAt],
          ['already_checked_in', winner.gate, winner.checkedInAt],
        );
    const { rows } = await app.db.query(
      `SELECT count(*)::int AS told FROM fact WHERE stream_id = $1 AND type = 'ticket.checked_in'`,
      [ticket!.id],
    );
    assert.equal(rows[0].told, 1);
  });

  it('counts who is in by gate, and takes a scan back', async () => {
    const [one, two] = await buy(2);
    const before = (await sale.organizer.client.get(`/events/${sale.eventId}/check-in`)).body;
    await scan({ token: one!.token, gate: 'South' });
    await scan({ code: two!.code.toLowerCase(), gate: 'South' });
    const attendance = async () => (await sale.organizer.client.get(`/events/${sale.eventId}/check-in`)).body;
    const south = async () =>
      (await attendance()).gates.find(({ gate }: Json) => gate === 'South')?.checkedIn;
    assert.equal(await south(), 2);
    assert.equal((await attendance()).checkedIn, before.checkedIn + 2);
    assert.equal((await attendance()).expected, before.expected);
    assert.equal((await scan({ token: one!.token, gate: 'South' }, '/undo')).status, 200);
    assert.equal(await south(), 1);
    assert.equal((await scan({ token: one!.token }, '/undo')).body.code, 'not_checked_in');
    assert.equal((await scan({ token: one!.token })).status, 200);
  });

  it('refuses at the gate what is cancelled, of another event, unknown or nonsense', async () => {
    const [ticket] = await buy(2);
    assert.equal((await cancel(ticket)).status, 200);
    assert.equal((await scan({ token: ticket!.token })).body.code, 'ticket_cancelled');
    const read = (await buyer.client.get(`/tickets/${ticket!.id}`)).body;
    assert.deepEqual([read.status, read.token], ['cancelled', null]);
    assert.equal((await buyer.client.get(`/tickets/${ticket!.id}/qr.png`)).body.code, 'ticket_cancelled');
    const elsewhere = await openSale(app, plainHall(2, 2));
    const [good] = await buy();
    assert.equal((await scan({ token: good!.token }, '', elsewhere)).body.code, 'ticket_of_another_event');
    assert.equal((await scan({ code: 'AAAA-AAAA' })).body.code, 'ticket_unknown');
    assert.equal((await scan({})).status, 422);
    assert.equal((await scan({ token: 'x', code: 'y' })).status, 422);
    const [stranger] = await app.people(1, 'organizer');
    const theirs = await stranger!.client.post(`/events/${sale.eventId}/check-in`, {
      token: good!.token,
      gate: 'N',
    });
    assert.equal(theirs.status, 404);
    assert.equal(
      (await buyer.client.post(`/events/${sale.eventId}/check-in`, { token: 'x', gate: 'N' })).status,
      403,
    );
  });

  it('goes to somebody else under a new token; the old one is refused', async () => {
    const [ticket] = await buy(2);
    const offer = (email: string, key?: string) =>
      buyer.client.post(`/tickets/${ticket!.id}/transfer`, { email }, key ? { 'idempotency-key': key } : {});
    const offered = await offer(friend.email.toUpperCase(), 'k1');
    assert.equal(offered.status, 201, JSON.stringify(offered.body));
    assert.deepEqual((await offer(friend.email.toUpperCase(), 'k1')).body, offered.body);
    assert.equal((await offer(friend.email)).body.code, 'transfer_under_way');
    const [incoming] = (await friend.client.get('/ticket-transfers')).body.data;
    assert.deepEqual([incoming.id, incoming.direction], [offered.body.id, 'incoming']);
    const accepts = await Promise.all(
      Array.from({ length: 5 }, () => friend.client.post(`/ticket-transfers/${incoming.id}/accept`)),
    );
    assert.equal(accepts.filter(({ status }) => status === 200).length, 1);
    assert.equal((await scan({ token: ticket!.token })).body.code, 'ticket_transferred');
    const mine = (await buyer.client.get(`/tickets/${ticket!.id}`)).body;
    assert.deepEqual([mine.status, mine.token], ['transferred', null]);
    const theirs = (await friend.client.get('/tickets')).body.data[0];
    assert.deepEqual([theirs.id, theirs.status], [ticket!.id, 'valid']);
    assert.ok(await verifiesOffline(theirs.token));
    assert.equal((await scan({ token: theirs.token })).status, 200);
    const { rows } = await app.db.query('SELECT to_email FROM ticket_transfer WHERE id = $1', [incoming.id]);
    assert.equal(rows[0].to_email, null);
  });

  it('stays with its holder when the offer is declined, withdrawn or too old, and is not offered in vain', async () => {
    const [ticket] = await buy(2);
    const offer = async (email = friend.email) =>
      (await buyer.client.post(`/tickets/${ticket!.id}/transfer`, { email })).body;
    const first = await offer();
    assert.equal((await friend.client.post(`/ticket-transfers/${first.id}/decline`)).status, 204);
    assert.equal((await friend.client.post(`/ticket-transfers/${first.id}/accept`)).status, 404);
    const second = await offer();
    assert.equal((await friend.client.delete(`/ticket-transfers/${second.id}`)).status, 404);
    assert.equal((await buyer.client.delete(`/ticket-transfers/${second.id}`)).status, 204);
    const third = await offer();
    await app.db.query(`UPDATE ticket_transfer SET expires_at = now() WHERE id = $1`, [third.id]);
    assert.equal(
      (await friend.client.post(`/ticket-transfers/${third.id}/accept`)).body.code,
      'transfer_over',
    );
    const fourth = await offer();
    await app.db.query('UPDATE app_user SET email_verified_at = NULL WHERE id = $1', [friend.id]);
    assert.equal(
      (await friend.client.post(`/ticket-transfers/${fourth.id}/accept`)).body.code,
      'email_not_verified',
    );
    await app.db.query('UPDATE app_user SET email_verified_at = now() WHERE id = $1', [friend.id]);
    await scan({ token: ticket!.token });
    assert.equal(
      (await friend.client.post(`/ticket-transfers/${fourth.id}/accept`)).body.code,
      'ticket_used',
    );
    assert.equal((await offer(buyer.email)).code, 'transfer_to_self');
    assert.equal((await offer('nobody')).code, 'validation_failed');
  });
});
