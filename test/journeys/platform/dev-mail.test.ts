import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { TicketsService } from '../../../src/tickets/tickets.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Json } from '../../support/client.js';
import { openSale, plainHall } from '../../support/halls.js';
import { card } from '../../support/money.js';
import type { Person } from '../../support/people.js';
import { until } from '../../support/until.js';

const PICTURE = 'https://pictures.example.org/final.jpg';

describe('the development mailbox', () => {
  let app: TestApp;
  let buyer: Person;
  let mail: Json;
  beforeAll(async () => {
    app = await startApp();
    [buyer] = await app.people(1);
    const { eventId } = await openSale(app, plainHall(1, 2), { imageUrl: PICTURE });
    const held = (await buyer.client.post(`/events/${eventId}/holds`, { seats: [0] })).body;
    assert.equal((await buyer.client.post(`/bookings/${held.id}/checkout`, card())).status, 200);
    await app.nest.get(TicketsService).issue(eventId, held.id);
    await until(async () => (await list()).length > 0);
    [mail] = await list();
  });
  afterAll(() => app.close());

  const get = (path: string, headers?: Record<string, string>) =>
    app.client().get(`//dev/mail${path}`, headers);
  const list = async (): Promise<Json[]> => (await get(`.json?to=${encodeURIComponent(buyer.email)}`)).body;

  test('shows the newest mail beside the list, in the language of its reader', async () => {
    const { body, headers } = await get('');
    assert.match(body, new RegExp(`<a href="/dev/mail\\?mail=${mail.id}" aria-current="true">`));
    assert.match(
      body,
      new RegExp(`<iframe [^>]*src="/dev/mail/${mail.id}/html" sandbox="allow-popups [a-z-]+">`),
    );
    assert.match(headers['content-security-policy']!, /script-src 'self'; frame-src 'self'/);
    assert.match((await get('', { 'accept-language': 'de' })).body, /<html lang="de">.*>Empfänger</s);
    const nothing = (await get('?to=nobody@example.org')).body;
    assert.match(nothing, /No mail yet\./);
    assert.doesNotMatch(nothing, /<iframe/);
    assert.match((await get(`?mail=${crypto.randomUUID()}`)).body, /not kept any more/);
    assert.equal((await get('?mail=1')).body.code, 'invalid_query');
  });

  test('has the mail as it was sent in a frame that can do nothing but open its links elsewhere', async () => {
    const { body, headers } = await get(`/${mail.id}/html`);
    assert.equal(body, mail.html.replace('<head>', '<head><base target="_blank">'));
    const policy = headers['content-security-policy']!;
    assert.match(policy, /^default-src 'none'/);
    assert.match(policy, /; sandbox allow-popups allow-popups-to-escape-sandbox$/);
    assert.doesNotMatch(policy, /script-src|allow-scripts|allow-same-origin/);
    assert.equal(headers['x-frame-options'], 'SAMEORIGIN');
    assert.equal((await get(`/${crypto.randomUUID()}/html`)).status, 404);
  });

  test('keeps what is attached as long as the mail', async () => {
    assert.deepEqual(
      mail.attachments.map(({ no, filename, contentType }: Json) => [
        no,
        filename,
        contentType.split(';')[0],
      ]),
      [
        [0, 'tickets.pdf', 'application/pdf'],
        [1, 'event.ics', 'text/calendar'],
      ],
    );
    const file = await fetch(`${app.url}/dev/mail/${mail.id}/attachments/0`);
    const bytes = Buffer.from(await file.arrayBuffer());
    assert.equal(bytes.subarray(0, 5).toString(), '%PDF-');
    assert.equal(bytes.length, mail.attachments[0].size);
    assert.equal(file.headers.get('content-disposition'), `attachment; filename*=UTF-8''tickets.pdf`);
    assert.equal((await get(`/${mail.id}/attachments/2`)).status, 404);
    assert.equal((await get(`/${mail.id}/attachments/x`)).body.code, 'invalid_parameter');
    await app.db.query('DELETE FROM dev_mail WHERE id = $1', [mail.id]);
    assert.equal((await app.db.query('SELECT FROM dev_mail_attachment')).rowCount, 0);
  });

  test('mails have the picture of the event, and a map of its place', () => {
    assert.match(mail.html, new RegExp(`<img src="${PICTURE}" alt=""`));
    const map = 'https://www.openstreetmap.org/search?query=Hall%2C%20Street%201%2C%20Erfurt';
    assert.ok(mail.html.includes(`<a href="${map}"`), mail.html);
    assert.ok(mail.text.includes(`Where: Hall, Street 1, Erfurt (${map})`), mail.text);
  });
});
