import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { TicketsService } from '../../../src/tickets/tickets.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Answer, Json } from '../../support/client.js';
import { openSale, plainHall } from '../../support/halls.js';
import { card } from '../../support/money.js';
import { testWith } from '../../support/needing.js';
import type { Person } from '../../support/people.js';
import { tool } from '../../support/tools.js';
import { until } from '../../support/until.js';

const NONE = { de: null, en: null };
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const PLAYHOUSE = {
  name: 'Playhouse Erfurt',
  accent: '#8b1e3f',
  links: [{ label: { de: 'Anfahrt', en: 'Getting here' }, url: 'https://playhouse.example.org/visit' }],
  imprint: { de: 'Playhouse Erfurt gGmbH\n\nTheaterplatz 1', en: null },
  privacy: { de: 'Wir speichern wenig.', en: 'We keep little.' },
  terms: NONE,
  vat: { de: 'Preise mit 7 % Umsatzsteuer', en: 'Prices with 7 % VAT' },
};

let app: TestApp;
let other: TestApp;
let admin: Person;
let organizer: Person;

beforeAll(async () => {
  app = await startApp();
  // A replica in production, on the same database.
  other = await startApp({ env: 'production', database: app.config.database, logLevel: 'silent' });
  [admin] = await app.people(1, 'admin');
  [organizer] = await app.people(1, 'organizer');
});
afterAll(async () => {
  await other.close();
  await app.close();
});

const whole = async () => (await admin.client.get('/admin/house')).body;
const tag = (version: number) => ({ 'if-match': `"v${version}"` });
const change = async (changes: Json): Promise<Answer> => {
  const { logo: _, version, ...before } = await whole();
  return admin.client.put('/admin/house', { ...before, ...changes }, tag(version));
};
const setLogo = async (data: Buffer): Promise<Answer> =>
  admin.client.put('/admin/house/logo', { data: data.toString('base64') }, tag((await whole()).version));
function fails(answer: Answer, status: number, code: string) {
  assert.equal(`${answer.status} ${answer.body?.code}`, `${status} ${code}`, JSON.stringify(answer.body));
}

describe('publishing in production', () => {
  test('waits for an imprint, in one language at least; elsewhere it does not', async () => {
    const { event, organizer: author } = await openSale(app, plainHall(1, 2));
    const { venueId, planId, title, category, startsAt, endsAt, currency } = event;
    const priceTiers = [{ name: 'All', price: 1000, category: 'C0' }];
    const draft = { venueId, planId, title, category, startsAt, endsAt, currency, priceTiers };
    const { id } = (await author.client.post('/events', draft)).body;
    const publish = () => other.client(author.token).post(`/events/${id}/publish`);
    const refused = await publish();
    fails(refused, 409, 'imprint_missing');
    assert.match(refused.body.detail, /PUT \/api\/v1\/admin\/house/);
    assert.equal((await change({ imprint: { de: null, en: 'A Ltd' } })).status, 200);
    assert.equal((await publish()).status, 200);
    assert.equal((await change({ imprint: NONE })).status, 200);
  });
});

describe('the house', () => {
  test('begins as Evently, with nothing to show', async () => {
    const { status, body, headers } = await app.client().get('/house');
    const { version, ...house } = body;
    assert.deepEqual([status, headers.etag], [200, `"v${version}"`]);
    assert.deepEqual(house, { name: 'Evently', accent: null, links: [], vat: NONE, pages: [], logo: null });
    fails(await app.client().get('/house/logo'), 404, 'not_found');
  });

  test('is changed with If-Match, known to every replica within seconds, and recorded', async () => {
    assert.equal((await other.client().get('/house')).body.name, 'Evently');
    const done = await change(PLAYHOUSE);
    assert.equal(done.status, 200, JSON.stringify(done.body));
    assert.equal(done.headers.etag, `"v${done.body.version}"`);
    const { imprint, privacy, terms, ...shown } = PLAYHOUSE;
    const expected = { ...shown, pages: ['imprint', 'privacy'], logo: null, version: done.body.version };
    assert.deepEqual((await app.client().get('/house')).body, expected);
    assert.deepEqual((await app.client().get('/house/texts')).body, { imprint, privacy, terms });
    const again = await app.client().get('/house', { 'if-none-match': done.headers.etag! });
    assert.equal(again.status, 304);
    await until(async () => (await other.client().get('/house')).body.name === 'Playhouse Erfurt', 3_000);
    const { rows } = await app.db.query(
      `SELECT data, actor FROM fact WHERE type = 'house.changed' ORDER BY pos DESC LIMIT 1`,
    );
    assert.deepEqual(rows, [
      { data: { fields: ['name', 'accent', 'links', 'imprint', 'privacy', 'vat'] }, actor: admin.id },
    ]);
    await until(async () => {
      const { data } = (await admin.client.get('/admin/audit?action=PUT%20/admin/house')).body;
      return data[0]?.status === 200 && data[0].actor === admin.id;
    });
  });

  test('is changed by one of many who have read the same', async () => {
    const { logo: _, version, ...before } = await whole();
    const names = Array.from({ length: 8 }, (_, i) => `House ${i}`);
    const answers = await Promise.all(
      names.map((name) => admin.client.put('/admin/house', { ...before, name }, tag(version))),
    );
    const codes = answers.map(({ status, body }) => (status === 200 ? 'changed' : body.code)).sort();
    assert.deepEqual(codes, ['changed', ...Array(7).fill('version_mismatch')]);
    const now = await whole();
    assert.deepEqual(
      [now.version, now.name],
      [version + 1, answers.find(({ status }) => status === 200)!.body.name],
    );
    fails(await admin.client.put('/admin/house', before), 428, 'if_match_required');
    assert.equal((await change({ name: PLAYHOUSE.name })).status, 200);
  });

  test('refuses what cannot be read or shown', async () => {
    const pale = await change({ accent: '#5fd0c0' });
    fails(pale, 422, 'accent_too_pale');
    assert.deepEqual([pale.body.contrast, pale.body.errors[0].path], [1.86, 'accent']);
    fails(await change({ accent: 'red' }), 422, 'validation_failed');
    fails(
      await change({ links: [{ label: { de: 'a', en: 'a' }, url: 'http://a.example' }] }),
      422,
      'validation_failed',
    );
    fails(await change({ slogan: 'x' }), 400, 'unknown_field');
    fails(await organizer.client.get('/admin/house'), 403, 'forbidden');
    assert.deepEqual((await whole()).accent, PLAYHOUSE.accent);
  });

  test('takes texts of 50,000 characters in each language', async () => {
    const long = { de: 'ä'.repeat(50_000), en: '長'.repeat(50_000) };
    assert.equal((await change({ imprint: long, privacy: long, terms: long })).status, 200);
    assert.deepEqual((await app.client().get('/house/texts')).body.terms, long);
    const { imprint, privacy, terms } = PLAYHOUSE;
    assert.equal((await change({ imprint, privacy, terms })).status, 200);
  });
});

describe('the logo of the house', () => {
  test('is served under an address that changes with it, and kept for long there only', async () => {
    const set = await setLogo(PNG);
    assert.equal(set.status, 200, JSON.stringify(set.body));
    const { logo } = (await app.client().get('/house')).body;
    assert.match(logo, /^\/api\/v1\/house\/logo\?v=[\da-f]{16}$/);
    const page = await (await fetch(`${app.url}/`)).text();
    assert.ok(page.includes(`class="brand"><img src="${logo}" alt="">`), 'in the first text');
    const read = async (path: string) => {
      const answer = await fetch(app.url + path);
      const bytes = Buffer.from(await answer.arrayBuffer());
      return [answer.headers.get('content-type'), answer.headers.get('cache-control'), bytes.equals(PNG)];
    };
    assert.deepEqual(await read(logo), ['image/png', 'public, max-age=31536000, immutable', true]);
    assert.deepEqual(await read('/api/v1/house/logo?v=older'), ['image/png', 'public, no-cache', true]);
    const gone = await admin.client.delete('/admin/house/logo', undefined, tag((await whole()).version));
    assert.deepEqual([gone.status, gone.body.logo], [200, null]);
  });

  test('is a picture of a known kind, by its bytes, and not too large', async () => {
    for (const other of ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'GIF89a', 'x'])
      fails(await setLogo(Buffer.from(other)), 422, 'logo_unsupported');
    const large = Buffer.concat([PNG, Buffer.alloc(512 * 1024)]);
    fails(await setLogo(large), 422, 'validation_failed');
    assert.equal((await setLogo(large.subarray(0, 512 * 1024))).status, 200);
    fails(
      await admin.client.put('/admin/house/logo', { data: PNG.toString('base64') }, tag(1)),
      412,
      'version_mismatch',
    );
    fails(await organizer.client.put('/admin/house/logo', { data: '' }, tag(1)), 403, 'forbidden');
  });
});

describe('mails and tickets', () => {
  test('name the house, its links and its legal texts', async () => {
    const { email } = (await app.people(1))[0];
    await app.client().post('/auth/forgot', { email }, { 'accept-language': 'de' });
    await until(async () => (await sent(email)) !== undefined);
    const mail = await sent(email);
    assert.ok(
      mail.text.endsWith(
        `\n-- \nPlayhouse Erfurt\nGetting here: https://playhouse.example.org/visit\nImprint: ${app.config.http.publicUrl}/imprint\nPrivacy: ${app.config.http.publicUrl}/privacy\n`,
      ),
      mail.text,
    );
    assert.match(mail.html, /background:#8b1e3f;color:#ffffff/);
    assert.match(mail.html, /<img src="[^"]+\/api\/v1\/house\/logo\?v=[\da-f]{16}" alt="Playhouse Erfurt"/);
  });

  const sent = async (to: string): Promise<Json> =>
    (await app.client().get(`//dev/mail.json?to=${encodeURIComponent(to)}`)).body[0];

  testWith('pdftotext')('print house, organizer and taxes on tickets', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evently-house-'));
    const sale = await openSale(app, plainHall(1, 2));
    const [buyer] = await app.people(1);
    const held = (await buyer.client.post(`/events/${sale.eventId}/holds`, { seats: [0] })).body;
    await buyer.client.post(`/bookings/${held.id}/checkout`, card());
    await app.nest.get(TicketsService).issue(sale.eventId, held.id);
    const answer = await fetch(`${app.url}/api/v1/bookings/${held.id}/tickets.pdf`, {
      headers: { authorization: `Bearer ${buyer.token}`, 'accept-language': 'de' },
    });
    const file = join(folder, 'ticket.pdf');
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
    const page = execFileSync(tool('pdftotext'), ['-raw', file, '-']).toString();
    rmSync(folder, { recursive: true });
    assert.match(page, /^Playhouse Erfurt\nFinal\n/);
    assert.match(page, /\nVeranstalter: .+ · Preise mit 7 % Umsatzsteuer\n/);
  });
});
