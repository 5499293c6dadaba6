import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import ICAL from 'ical.js';
import { normalizeCode } from '../../../src/platform/common/ids.js';
import { TicketsService } from '../../../src/tickets/tickets.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { countStatuses } from '../../support/load.js';
import { testWith } from '../../support/needing.js';
import { note } from '../../support/note.js';
import type { Person } from '../../support/people.js';
import { nameOf, PAIRS, Races } from '../../support/races.js';
import { tool } from '../../support/tools.js';

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
  const download = async (path: string, name: string, language = 'en', who = buyer): Promise<string> => {
    const answer = await fetch(`${app.url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${who.token}`, 'accept-language': language },
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

  beforeAll(async () => {
    app = await startApp();
    sale = await openSale(app, plainHall(20, 20, [{ name: 'Floor', capacity: 10 }]), {
      title: 'Ein Abend mit Жанна Øster & Freunden',
    });
    [buyer, friend] = await app.people(2);
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await assertAuditClean(app);
    await app.close();
  });

  test('gives each item one ticket, however often it is asked to', async () => {
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

  test('verifies with the published key alone; no changed byte does', async () => {
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

  testWith('zbarimg', 'pdftoppm')(
    'shows a QR that another reader reads: as PNG, as SVG and on the printed page',
    async () => {
      const [ticket] = await buy();
      assert.equal(readQr(await download(`/tickets/${ticket!.id}/qr.png`, 'qr.png')), ticket!.token);
      const pdf = await download(`/tickets/${ticket!.id}/ticket.pdf`, 'ticket.pdf', 'de');
      execFileSync(tool('pdftoppm'), ['-r', '150', '-png', pdf, join(folder, 'page')]);
      const read = readQr(join(folder, 'page-1.png'));
      assert.equal(read, ticket!.token);
      assert.ok(await verifiesOffline(read));
      const svg = await buyer.client.get(`/tickets/${ticket!.id}/qr.svg`);
      assert.match(svg.headers['content-type']!, /^image\/svg\+xml/);
    },
  );

  testWith('qpdf')('prints a page for each ticket that another reader finds sound', async () => {
    const [ticket] = await buy(3);
    const pdf = await download(`/bookings/${ticket!.bookingId}/tickets.pdf`, 'tickets.pdf');
    assert.match(
      execFileSync(tool('qpdf'), ['--check', pdf]).toString(),
      /No syntax or stream encoding errors/,
    );
    assert.equal(execFileSync(tool('qpdf'), ['--show-npages', pdf]).toString().trim(), '3');
  });

  test('is a calendar entry in another library, right across the change to winter time', async () => {
    const { client } = sale.organizer;
    const { headers } = await client.get(`/events/${sale.eventId}`);
    // 23:30 in summer time to 02:30 in winter time: four hours, not three.
    const times = {
      startsAt: '2027-10-30T23:30:00+02:00',
      endsAt: '2027-10-31T02:30:00+01:00',
      doorsAt: '2027-10-30T22:45:00+02:00',
      minAge: 18,
    };
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
    assert.match(event.description, /\nDoors 22:45 · Age 18 and over$/);
  });

  test('is a calendar entry that is newer after each change of what it says, for buyer and new holder', async () => {
    const [ticket, second, third] = await buy(3);
    const organizer = sale.organizer.client;
    const change = async (path: string, body: Json) => {
      const { headers } = await organizer.get(path);
      const changed = await organizer.patch(path, body, { 'if-match': headers.etag! });
      assert.equal(changed.status, 200, JSON.stringify(changed.body));
    };
    const entry = async (who = buyer, path = `/bookings/${ticket!.bookingId}/tickets.ics`) => {
      const { body, headers } = await who.client.get(path);
      assert.match(body, /END:VCALENDAR\r\n$/);
      for (const line of body.split('\r\n')) {
        assert.ok(Buffer.byteLength(line) <= 75, line);
        assert.doesNotMatch(line, /[\r\n]/);
      }
      const calendar = new ICAL.Component(ICAL.parse(body));
      const method = calendar.getFirstPropertyValue('method');
      assert.equal(headers['content-type'], `text/calendar; charset=utf-8; method=${method}`);
      const event = calendar.getFirstSubcomponent('vevent')!;
      const value = (name: string) => event.getFirstPropertyValue(name) as Json;
      assert.equal(value('organizer'), 'mailto:evently@localhost');
      return {
        method,
        status: value('status'),
        uid: value('uid'),
        sequence: value('sequence'),
        stamp: value('dtstamp').toJSDate(),
        says: ['summary', 'location', 'description'].map((name) => String(value(name))).join('\n'),
      };
    };
    let known = await entry();
    const grows = async (what: string, change: () => Promise<unknown>) => {
      await change();
      const next = await entry();
      assert.equal(next.uid, known.uid);
      assert.ok(next.sequence > known.sequence, `${what}: ${known.sequence}, then ${next.sequence}`);
      assert.ok(next.stamp >= known.stamp, what);
      known = next;
    };
    await grows('title', () =>
      change(`/events/${sale.eventId}`, { title: 'A night; with, \\ more — '.repeat(5) }),
    );
    assert.match(known.says, /A night; with, \\ more/);
    await grows('time', () => change(`/events/${sale.eventId}`, { endsAt: '2027-11-02T21:00:00Z' }));
    assert.match(known.says, /until Tuesday, 2 November, 22:00/);
    await grows('address', () => change(`/venues/${sale.venueId}`, { address: 'Street 2' }));
    assert.match(known.says, /Hall, Street 2, Erfurt/);
    await grows('part cancelled', () => cancel(third!));
    assert.ok(!known.says.includes(third!.place.text));
    await grows('passed on', async () => {
      await buyer.client.post(`/tickets/${second!.id}/transfer`, { email: friend.email });
      const { data } = (await friend.client.get('/ticket-transfers')).body;
      const { id } = data.find(({ ticketId }: Json) => ticketId === second!.id);
      assert.equal((await friend.client.post(`/ticket-transfers/${id}/accept`)).status, 200);
    });
    assert.ok(!known.says.includes(second!.place.text));
    const theirs = await entry(friend, `/tickets/${second!.id}/event.ics`);
    assert.ok(theirs.says.includes(second!.place.text) && !theirs.says.includes(ticket!.place.text));
    assert.equal((await friend.client.get(`/tickets/${ticket!.id}/event.ics`)).status, 404);
    await grows('all cancelled', () => cancel(ticket!));
    assert.deepEqual([known.method, known.status], ['CANCEL', 'CANCELLED']);
    // Versions begin again where a backup was restored; calendars have seen the later ones.
    const { rows } = await app.db.query('SELECT version FROM booking WHERE id = $1', [ticket!.bookingId]);
    const setVersion = (version: number) =>
      app.db.query('UPDATE booking SET version = $2 WHERE id = $1', [ticket!.bookingId, version]);
    await setVersion(1);
    await app.db.query(`INSERT INTO feed_salt VALUES ('restored')`);
    await app.db.query(`UPDATE feed_salt SET restored_at = now() + interval '1 minute'`);
    await grows('restored', async () => {});
    await app.db.query('DELETE FROM feed_salt');
    await setVersion(rows[0].version);
  });

  test('lets one in of fifty who show the same ticket at fifty gates', async () => {
    const [ticket] = await buy();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => scan({ token: ticket!.token, gate: `Gate ${i}` })),
    );
    assert.deepEqual(countStatuses(answers), { 200: 1, 409: 49 });
    const winner = answers.find(({ status }) => status === 200)!.body;
    const { name } = (await buyer.client.get('/auth/me')).body;
    assert.deepEqual([winner.holder, winner.bookingCode], [name, ticket!.bookingCode]);
    for (const { status, body } of answers)
      if (status === 409)
        assert.deepEqual(
          [body.code, body.gate, body.checkedInAt, body.ticket],
          ['already_checked_in', winner.gate, winner.checkedInAt, winner],
        );
    const typed = await scan({ code: ticket!.code.replace('-', ' ').toLowerCase() });
    assert.deepEqual(typed.body.ticket, winner);
    const { rows } = await app.db.query(
      `SELECT count(*)::int AS told FROM fact WHERE stream_id = $1 AND type = 'ticket.checked_in'`,
      [ticket!.id],
    );
    assert.equal(rows[0].told, 1);
  });

  test('counts who is in by gate, and takes a scan back', async () => {
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

  test('refuses at the gate what is cancelled, of another event, unknown or nonsense', async () => {
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

  test('goes to somebody else under a new token; the old one is refused', async () => {
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

  test('is taken over once by an answer that is asked for again with its key, also at the same moment', async () => {
    const [ticket] = await buy();
    const { body: offer } = await buyer.client.post(`/tickets/${ticket!.id}/transfer`, {
      email: friend.email,
    });
    const accept = (key: string) =>
      friend.client.post(`/ticket-transfers/${offer.id}/accept`, undefined, { 'idempotency-key': key });
    const first = await Promise.all(Array.from({ length: 20 }, () => accept('once')));
    const taken = first.filter(({ status }) => status === 200);
    assert.ok(taken.length >= 1);
    for (const { status, body } of first)
      assert.ok(status === 200 || body.code === 'idempotency_in_flight', JSON.stringify(body));
    const again = await accept('once');
    assert.deepEqual([again.status, again.headers['idempotency-replayed']], [200, 'true']);
    assert.equal(again.body.state, 'accepted');
    for (const { body } of taken) assert.deepEqual(body, again.body);
    assert.equal((await accept('another')).status, 404);
    const { rows } = await app.db.query(
      `SELECT count(*)::int AS facts FROM fact WHERE stream_id = $1 AND type = 'ticket.transferred'`,
      [ticket!.id],
    );
    assert.equal(rows[0].facts, 1);
  });

  /** From `who` to somebody else, accepted. */
  const handOn = async (id: string, who: Person, to: Person): Promise<void> => {
    const { body } = await who.client.post(`/tickets/${id}/transfer`, { email: to.email });
    assert.equal((await to.client.post(`/ticket-transfers/${body.id}/accept`)).status, 200);
  };

  testWith('pdftotext')(
    'was handed on: the code of the page before lets nobody in, and is shown to nobody',
    async () => {
      const [ticket] = await buy();
      const { id, code: old } = ticket!;
      await handOn(id, buyer, friend);
      for (const path of ['', '/undo'])
        for (const what of [{ token: ticket!.token }, { code: old }]) {
          const { status, body } = await scan(what, path);
          assert.deepEqual([status, body.code], [409, 'ticket_transferred']);
        }
      const shown = [
        (await buyer.client.get(`/tickets/${id}`)).body,
        (await buyer.client.get(`/bookings/${ticket!.bookingId}/tickets`)).body.data[0],
      ];
      for (const { status, code, token } of shown)
        assert.deepEqual([status, code, token], ['transferred', null, null]);
      for (const path of [`tickets/${id}/ticket.pdf`, `tickets/${id}/qr.svg`])
        assert.equal((await buyer.client.get(`/${path}`)).body.code, 'ticket_transferred');
      assert.equal(
        (await buyer.client.get(`/bookings/${ticket!.bookingId}/tickets.pdf`)).body.code,
        'no_tickets',
      );
      const { code } = (await friend.client.get(`/tickets/${id}`)).body;
      assert.match(code, /^[2-9BCDFGHJ-NP-TV-XZ]{4}-[2-9BCDFGHJ-NP-TV-XZ]{4}$/);
      assert.notEqual(code, old);
      const printed = execFileSync(tool('pdftotext'), [
        await download(`/tickets/${id}/ticket.pdf`, 'theirs.pdf', 'en', friend),
        '-',
      ]).toString();
      assert.ok(printed.includes(code) && !printed.includes(old));
      assert.equal((await scan({ code })).body.ticketId, id);
    },
  );

  test('comes back to who gave it under a third code, also by a replica of the release before', async () => {
    const [ticket] = await buy();
    await handOn(ticket!.id, buyer, friend);
    const second = (await friend.client.get(`/tickets/${ticket!.id}`)).body.code;
    await app.db.query('UPDATE ticket SET holder_id = $2, generation = generation + 1 WHERE id = $1', [
      ticket!.id,
      buyer.id,
    ]);
    const third = (await buyer.client.get(`/tickets/${ticket!.id}`)).body.code;
    assert.equal(new Set([ticket!.code, second, third]).size, 3);
    for (const code of [ticket!.code, second])
      assert.equal((await scan({ code })).body.code, 'ticket_transferred');
    assert.equal((await scan({ code: third })).status, 200);
  });

  test('is found by its code, however that is typed', async () => {
    const [ticket] = await buy();
    const [left, right] = ticket!.code.split('-') as [string, string];
    const wide = (text: string) =>
      text.replace(/./g, (c) => String.fromCodePoint(c.codePointAt(0)! + 0xfee0));
    const typed = [
      ticket!.code.toLowerCase(),
      left + right,
      ` ${left} ${right}\n`,
      [...left, ...right].join(' - '),
      `${left}\u2013${right}`,
      `${left}\u30fc${right}`,
      `${wide(left)}\uff0d${wide(right)}`,
      `\u200b${left}\u00a0\u2212\u3000${right}\u200f`,
    ];
    for (const code of typed) {
      const first = await scan({ code });
      assert.equal(first.status, 200, `${JSON.stringify(code)}: ${JSON.stringify(first.body)}`);
      assert.equal((await scan({ code }, '/undo')).status, 200, JSON.stringify(code));
    }
    const dashes = Array.from({ length: 0x110000 }, (_, point) => point)
      .filter((point) => point < 0xd800 || point > 0xdfff)
      .map((point) => String.fromCodePoint(point))
      .filter((sign) => /\p{Dash}/u.test(sign));
    assert.ok(dashes.length > 25);
    for (const dash of dashes) assert.equal(normalizeCode(`${left}${dash}${right}`), ticket!.code, dash);
    for (const code of ['', ' ', '-', `${left}${right}2`, left, '%', "' OR 1=1"])
      assert.equal((await scan({ code })).body.code, 'ticket_unknown', code);
  });

  test('scanned again under its key gets the first answer, in and out; refusals are not remembered', async () => {
    const [ticket] = await buy();
    const { client } = sale.organizer;
    const say = (key: string, body: Json, path = '') =>
      client.post(`/events/${sale.eventId}/check-in${path}`, body, { 'idempotency-key': key });
    const body = { token: ticket!.token, gate: 'North' };
    assert.equal((await say('scan-out', body, '/undo')).body.code, 'not_checked_in');
    const rush = await Promise.all(Array.from({ length: 10 }, () => say('scan-1', body)));
    assert.deepEqual(countStatuses(rush), { 200: 10 });
    assert.equal(rush.filter(({ headers }) => headers['idempotency-replayed'] !== 'true').length, 1);
    for (const answer of rush) assert.deepEqual(answer.body, rush[0]!.body);
    assert.equal((await scan(body)).body.code, 'already_checked_in');
    for (const [other, path] of [
      [{ ...body, gate: 'South' }, ''],
      [body, '/undo'],
    ] as const) {
      const changed = await say('scan-1', other, path);
      assert.deepEqual([changed.status, changed.body.code], [422, 'idempotency_key_reused']);
    }
    const out = await say('scan-out', body, '/undo');
    assert.deepEqual([out.status, out.body.checkedInAt], [200, null]);
    const again = await say('scan-out', body, '/undo');
    assert.deepEqual([again.status, again.headers['idempotency-replayed']], [200, 'true']);
    assert.deepEqual(again.body, out.body);
    const { rows } = await app.db.query(
      `SELECT count(*)::int AS told FROM fact WHERE stream_id = $1 AND type LIKE 'ticket.check%'`,
      [ticket!.id],
    );
    assert.equal(rows[0].told, 2);
  });

  test('whose holder is inside is worth no money, also where an organizer asks', async () => {
    const [one, two] = await buy(2);
    await scan({ token: one!.token });
    const quoted = (query = '', { client } = buyer) =>
      client.get(`/bookings/${one!.bookingId}/refund-quote${query}`);
    for (const { client } of [buyer, sale.organizer])
      for (const answer of [
        await client.post(`/bookings/${one!.bookingId}/cancel`, {}),
        await client.post(`/bookings/${one!.bookingId}/cancel`, { items: [one!.itemId] }),
        await quoted('', { client } as Person),
      ])
        assert.deepEqual([answer.status, answer.body.code], [409, 'ticket_used']);
    assert.equal((await cancel(two)).status, 200);
    assert.equal((await scan({ token: one!.token }, '/undo')).status, 200);
    assert.equal((await cancel(one)).body.status, 'cancelled');
    for (const path of ['', '/undo'])
      assert.equal((await scan({ code: one!.code }, path)).body.code, 'ticket_cancelled');
  });

  test('stays with its holder when the offer is declined, withdrawn or too old, and is not offered in vain', async () => {
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

  test('ends in one of the ways that may be, whoever else reaches for it at the same moment', async () => {
    const races = new Races(app);
    const table = readFileSync(join('docs', 'TICKETS.md'), 'utf8');
    for (const pair of PAIRS) {
      const ends = pair.may.map((both) => both.map((end) => (end === 'ok' ? end : `\`${end}\``)).join(', '));
      assert.ok(table.includes(`| ${nameOf(pair)} | ${ends.join('; ')} |`), nameOf(pair));
    }
    for (const pair of PAIRS.filter(({ acts, may }) => may.length > 1 || acts[0] === acts[1])) {
      const often = pair.acts[0] === 'check-in' && /cancel|send back|accept/.test(pair.acts[1]);
      const { heard, wrong } = await races.run(pair, often ? 8 : 1);
      note(`${nameOf(pair)}: ${JSON.stringify(heard)}`);
      assert.deepEqual(wrong, []);
    }
    assert.deepEqual(await races.audit(), []);
  });
});
