import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import ICAL from 'ical.js';
import { InventoryMemoryService } from '../../../src/inventory/memory/inventory-memory.service.js';
import { TicketsService } from '../../../src/tickets/tickets.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Client, Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { card } from '../../support/money.js';
import { testWith } from '../../support/needing.js';
import { tool } from '../../support/tools.js';
import { until } from '../../support/until.js';

const PASSWORD = 'a long enough sentence';

describe('a place has one name', () => {
  let app: TestApp;
  let sale: Sale;
  const folder = mkdtempSync(join(tmpdir(), 'evently-places-'));
  let readers = 0;

  beforeAll(async () => {
    app = await startApp();
    const hall = plainHall(40, 5, [{ name: 'Arena', capacity: 9 }]);
    const [named, unnamed] = hall.plan.zones;
    const zones = [
      { ...named!, name: 'Block E' },
      { ...unnamed!, name: null },
    ];
    sale = await openSale(app, { ...hall, plan: { ...hall.plan, zones } });
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await assertAuditClean(app);
    await app.close();
  });

  const logIn = async (locale: string): Promise<{ client: Client; email: string; token: string }> => {
    const email = `reader-${++readers}@example.org`;
    const { status, body } = await app
      .client()
      .post('/auth/register', { email, name: 'Ada', password: PASSWORD, locale });
    assert.equal(status, 201, JSON.stringify(body));
    return { client: app.client(body.accessToken), email, token: body.accessToken };
  };
  const textsOf = (items: Json[]): string[] => items.map(({ place }) => place.text);
  const confirmation = async (to: string): Promise<string> => {
    let text: string | undefined;
    await until(async () => {
      const { body } = await app.client().get(`//dev/mail.json?to=${encodeURIComponent(to)}`);
      text = body.map((mail: Json) => mail.text).find((found: string) => found.includes('Block E'));
      return text !== undefined;
    });
    return text!;
  };
  /** A seat in a block, one in the zone without a name, and a standing place, paid for. */
  const buy = async (client: Client, seats: number[]) => {
    const held = await client.post(`/events/${sale.eventId}/holds`, {
      seats,
      areas: [{ area: 'Arena', quantity: 1 }],
    });
    assert.equal(held.status, 201, JSON.stringify(held.body));
    const paid = await client.post(`/bookings/${held.body.id}/checkout`, card());
    assert.equal(paid.status, 200, JSON.stringify(paid.body));
    await app.nest.get(TicketsService).issue(sale.eventId, held.body.id);
    return { held: held.body, paid: paid.body };
  };

  const READERS = [
    ['en', 0, ['Block E, row 1, seat 1', 'Row 1, seat 1', 'Arena']],
    ['de', 1, ['Block E, Reihe 1, Platz 2', 'Reihe 1, Platz 2', 'Arena']],
  ] as const;
  for (const [locale, seat, names] of READERS)
    testWith('pdftotext')(`that a reader of "${locale}" meets from the hold to the door`, async () => {
      const { client, email, token } = await logIn(locale);
      const { held, paid } = await buy(client, [seat, 100 + seat]);
      const path = `/bookings/${held.id}`;
      const tickets = (await client.get(`${path}/tickets`)).body.data;
      const answers: Json[][] = [
        held.items,
        paid.items,
        (await client.get(path)).body.items,
        (await client.get('/bookings')).body.data[0].items,
        tickets,
        (await client.get('/tickets')).body.data.toReversed(),
        await Promise.all(tickets.map(async ({ id }: Json) => (await client.get(`/tickets/${id}`)).body)),
      ];
      for (const items of answers) assert.deepEqual(textsOf(items), names);
      assert.deepEqual(
        held.items.map(({ seat, area, place: { text: _, ...parts } }: Json) => [seat?.label ?? area, parts]),
        [
          [`Block E-1-${seat + 1}`, { block: 'Block E', row: '1', seat: `${seat + 1}` }],
          [`1-${seat + 1}`, { block: null, row: '1', seat: `${seat + 1}` }],
          ['Arena', { block: 'Arena', row: null, seat: null }],
        ],
      );
      assert.ok((await confirmation(email)).includes(`: ${names.join('; ')}\n`));

      // The language of downloads is that of the request.
      const calendar = await client.get(`${path}/tickets.ics`, { 'accept-language': locale });
      const [entry] = new ICAL.Component(ICAL.parse(calendar.body)).getAllSubcomponents('vevent');
      assert.ok(
        String(entry!.getFirstPropertyValue('description')).startsWith(`Tickets: ${names.join('; ')}\n`),
      );
      const printed = await fetch(`${app.url}/api/v1${path}/tickets.pdf`, {
        headers: { authorization: `Bearer ${token}`, 'accept-language': locale },
      });
      const file = join(folder, `${locale}.pdf`);
      writeFileSync(file, Buffer.from(await printed.arrayBuffer()));
      const page = execFileSync(tool('pdftotext'), ['-raw', file, '-']).toString().replace(/\s+/g, ' ');
      for (const name of names) assert.ok(page.includes(` ${name} Name`), page);

      // Who stands at the door reads English, whoever comes.
      const door = await Promise.all(
        tickets.map(({ code }: Json) =>
          sale.organizer.client.post(`/events/${sale.eventId}/check-in`, { code, gate: 'North' }),
        ),
      );
      const english = [`Block E, row 1, seat ${seat + 1}`, `Row 1, seat ${seat + 1}`, 'Arena'];
      assert.deepEqual(textsOf(door.map(({ body }) => body)), english);
    });

  test('also where the event is not in memory, and from the next token on in the language that was chosen', async () => {
    const { client, email } = await logIn('de');
    const { held } = await buy(client, [10]);
    const memory = app.nest.get(InventoryMemoryService) as unknown as { events: Map<string, unknown> };
    assert.ok(memory.events.delete(sale.eventId));
    const read = async (by: Client) => textsOf((await by.get(`/bookings/${held.id}`)).body.items);
    assert.deepEqual(await read(client), ['Block E, Reihe 3, Platz 1', 'Arena']);
    const choose = async (locale: string) => {
      const { headers } = await client.get('/auth/me');
      const { status } = await client.patch('/auth/me', { locale }, { 'if-match': headers.etag! });
      assert.equal(status, 200);
    };
    await choose('en');
    const { body } = await app.client().post('/auth/login', { email, password: PASSWORD });
    assert.deepEqual(await read(app.client(body.accessToken)), ['Block E, row 3, seat 1', 'Arena']);
    await choose('de');
    const next = await app.client().post('/auth/refresh', { refreshToken: body.refreshToken });
    assert.deepEqual(await read(app.client(next.body.accessToken)), ['Block E, Reihe 3, Platz 1', 'Arena']);
  });

  test('the map tells which section is no part of it', async () => {
    const { body } = await app.client().get(`/events/${sale.eventId}/seat-map`);
    assert.deepEqual([body.sections, body.unnamed], [['Block E', 'Zone 2'], 1]);
  });
});
