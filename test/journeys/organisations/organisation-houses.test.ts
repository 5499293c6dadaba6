import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { newId } from '../../../src/platform/common/ids.js';
import { TicketsService } from '../../../src/tickets/tickets.service.js';
import { DOT } from '../../support/access-table.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Answer, Json } from '../../support/client.js';
import { openSale, plainHall } from '../../support/halls.js';
import { giveRights } from '../../support/members.js';
import { card } from '../../support/money.js';
import { testWith } from '../../support/needing.js';
import { note } from '../../support/note.js';
import type { Person } from '../../support/people.js';
import { tool } from '../../support/tools.js';
import { until } from '../../support/until.js';

const NONE = { de: null, en: null };
const HOUSE = {
  name: 'Playhouse Erfurt',
  accent: '#8b1e3f',
  links: [{ label: { de: 'Anfahrt', en: 'Getting here' }, url: 'https://playhouse.example.org/visit' }],
  imprint: NONE,
  privacy: { de: 'Das Haus speichert wenig.', en: 'The house keeps little.' },
  terms: NONE,
  vat: { de: 'Preise mit 7 % Umsatzsteuer', en: 'Prices with 7 % VAT' },
};
const NOTHING = { name: null, accent: null, links: [], imprint: NONE, privacy: NONE, terms: NONE, vat: NONE };
const CLUB = {
  ...NOTHING,
  name: 'Club Sieben',
  accent: '#1d4ed8',
  links: [{ label: { de: 'Hausordnung', en: 'House rules' }, url: 'https://club.example.org/rules' }],
  imprint: { de: 'Club Sieben e. V.\n\nHafenweg 7', en: null },
  terms: { de: 'Im Club gilt das hier.', en: 'In the club this holds.' },
};

let app: TestApp;
/** A replica in production, on the same database, without Redis. */
let other: TestApp;
let admin: Person;
let owner: Person;
let doorkeeper: Person;
let stranger: Person;
let eventId: string;

beforeAll(async () => {
  app = await startApp();
  other = await startApp({ env: 'production', database: app.config.database, logLevel: 'silent' });
  [admin] = await app.people(1, 'admin');
  [doorkeeper, stranger] = await app.people(2);
  const sale = await openSale(app, plainHall(1, 8));
  owner = sale.organizer as Person;
  eventId = sale.eventId;
  await giveRights(app, owner.id, doorkeeper, { permissions: ['door'] });
  const { version } = (await admin.client.get('/admin/house')).body;
  const done = await admin.client.put('/admin/house', HOUSE, { 'if-match': `"v${version}"` });
  assert.equal(done.status, 200, JSON.stringify(done.body));
});
afterAll(async () => {
  await other.close();
  await app.close();
});

const SETTINGS = () => `/organisations/${owner.id}/house/settings`;
const tag = (version: number) => ({ 'if-match': `"v${version}"` });
const own = async () => (await owner.client.get(SETTINGS())).body;
const change = async (changes: Json): Promise<Answer> => {
  const { logo: _, version, ...before } = await own();
  return owner.client.put(SETTINGS(), { ...before, ...changes }, tag(version));
};
const shown = async (at: TestApp = app) => (await at.client().get(`/organisations/${owner.id}/house`)).body;
function fails(answer: Answer, status: number, code: string) {
  assert.equal(`${answer.status} ${answer.body?.code}`, `${status} ${code}`, JSON.stringify(answer.body));
}
const draft = async (): Promise<string> => {
  const { venueId, planId, title, category, startsAt, endsAt, currency } = (
    await app.client().get(`/events/${eventId}`)
  ).body;
  const priceTiers = [{ name: 'All', price: 1000, category: 'C0' }];
  const body = { venueId, planId, title, category, startsAt, endsAt, currency, priceTiers };
  return (await owner.client.post('/events', body)).body.id;
};

describe('an organisation with nothing of its own', () => {
  test('is shown as the house is, once it has shown an event', async () => {
    const { organisation, version, ...house } = await shown();
    const { imprint, terms, privacy, ...visible } = HOUSE;
    assert.deepEqual(house, { ...visible, logo: null, pages: ['privacy'] });
    assert.deepEqual(Object.keys(organisation), ['id', 'name', 'address', 'website']);
    assert.deepEqual((await app.client().get(`/organisations/${owner.id}/house/texts`)).body, {
      imprint,
      privacy,
      terms,
    });
    assert.deepEqual(await own(), { ...NOTHING, logo: null, version: 0 });
    const [quiet] = await app.people(1, 'organizer');
    for (const id of [quiet.id, newId()])
      for (const path of ['', '/texts', '/logo'])
        fails(await app.client().get(`/organisations/${id}/house${path}`), 404, 'not_found');
  });

  test('publishes nothing in production while neither has an imprint', async () => {
    const publish = async () => other.client(owner.token).post(`/events/${await draft()}/publish`);
    const refused = await publish();
    fails(refused, 409, 'imprint_missing');
    assert.match(refused.body.detail, /organisations\/\{id\}\/house\/settings/);
    assert.equal((await change({ imprint: CLUB.imprint })).status, 200);
    assert.equal((await publish()).status, 200);
    assert.equal((await change({ imprint: NONE })).status, 200);
    fails(await publish(), 409, 'imprint_missing');
  });
});

describe('what an organisation has of its own', () => {
  test('stands before what the house has, on every replica', async () => {
    assert.equal((await shown(other)).name, HOUSE.name);
    const done = await change(CLUB);
    assert.equal(done.status, 200, JSON.stringify(done.body));
    assert.equal(done.headers.etag, `"v${done.body.version}"`);
    const from = performance.now();
    await until(async () => (await shown(other)).name === CLUB.name);
    note(`${Math.round(performance.now() - from)} ms until another replica without Redis showed it`);
    const { organisation: _, version: __, ...house } = await shown();
    assert.deepEqual(house, {
      name: CLUB.name,
      accent: CLUB.accent,
      links: CLUB.links,
      vat: HOUSE.vat,
      pages: ['imprint', 'privacy', 'terms'],
      logo: null,
    });
    const texts = (await app.client().get(`/organisations/${owner.id}/house/texts`)).body;
    assert.deepEqual(texts, { imprint: CLUB.imprint, privacy: HOUSE.privacy, terms: CLUB.terms });
    assert.equal((await app.client().get('/house')).body.name, HOUSE.name, 'the house stays as it is');
    const { rows } = await app.db.query(
      `SELECT data, actor FROM fact WHERE type = 'house.changed' AND stream_id = $1 ORDER BY pos DESC LIMIT 1`,
      [owner.id],
    );
    assert.deepEqual(rows, [
      { data: { fields: ['name', 'accent', 'links', 'imprint', 'terms'] }, actor: owner.id },
    ]);
  });

  test('follows the house in what it leaves to it', async () => {
    const { version, logo: _, ...before } = (await admin.client.get('/admin/house')).body;
    const put = (changes: Json, at: number) =>
      admin.client.put('/admin/house', { ...before, ...changes }, tag(at));
    assert.equal((await put({ vat: { de: 'Ohne Steuer', en: null } }, version)).status, 200);
    assert.deepEqual((await shown()).vat, { de: 'Ohne Steuer', en: null });
    assert.equal((await put({}, version + 1)).status, 200);
  });

  test('begins once, however many begin it, and is changed by one of many who have read the same', async () => {
    const [founder] = await app.people(1, 'organizer');
    const path = `/organisations/${founder.id}/house/settings`;
    for (const version of [0, 1]) {
      const names = Array.from({ length: 8 }, (_, i) => `Club ${version} ${i}`);
      const answers = await Promise.all(
        names.map((name, i) =>
          (i % 2 ? app : other).client(founder.token).put(path, { ...NOTHING, name }, tag(version)),
        ),
      );
      const codes = answers.map(({ status, body }) => (status === 200 ? 'changed' : body.code)).sort();
      assert.deepEqual(codes, ['changed', ...Array(7).fill('version_mismatch')]);
      const { rows } = await app.db.query(
        'SELECT version, name FROM organisation_house WHERE organisation_id = $1',
        [founder.id],
      );
      const { name } = answers.find(({ status }) => status === 200)!.body;
      assert.deepEqual(rows, [{ version: version + 1, name }]);
    }
    const { rows } = await app.db.query(
      `SELECT count(*)::int AS facts FROM fact WHERE type = 'house.changed' AND stream_id = $1`,
      [founder.id],
    );
    assert.deepEqual(rows, [{ facts: 2 }]);
  });

  test('is refused where it cannot be read or shown, as that of the house', async () => {
    fails(await change({ accent: '#5fd0c0' }), 422, 'accent_too_pale');
    fails(await change({ name: '' }), 422, 'validation_failed');
    fails(await change({ imprint: { de: 'x' } }), 400, 'missing_field');
    fails(
      await change({ links: [{ label: { de: 'a', en: 'a' }, url: 'http://a.example' }] }),
      422,
      'validation_failed',
    );
    fails(await change({ slogan: 'x' }), 400, 'unknown_field');
    const { version } = await own();
    const logo = (data: Buffer) =>
      owner.client.put(`${SETTINGS()}/logo`, { data: data.toString('base64') }, tag(version));
    fails(await logo(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')), 422, 'logo_unsupported');
    fails(await owner.client.put(SETTINGS(), CLUB), 428, 'if_match_required');
    fails(await owner.client.put(SETTINGS(), CLUB, tag(version + 1)), 412, 'version_mismatch');
    assert.equal((await own()).version, version);
  });

  test('is for members with the permission alone', async () => {
    fails(await app.client().get(SETTINGS()), 401, 'unauthenticated');
    fails(await doorkeeper.client.get(SETTINGS()), 403, 'permission_missing');
    fails(await stranger.client.get(SETTINGS()), 403, 'forbidden');
    const [foreign] = await app.people(1, 'organizer');
    const { version } = await own();
    fails(await foreign.client.put(SETTINGS(), CLUB, tag(version)), 404, 'not_found');
    const nobody = `/organisations/${newId()}/house/settings`;
    fails(await admin.client.put(nobody, CLUB, tag(0)), 404, 'not_found');
    fails(await admin.client.get(nobody), 404, 'not_found');
  });
});

describe('the logo of an organisation', () => {
  test('goes with the name: the house lends both or neither', async () => {
    const { version } = (await admin.client.get('/admin/house')).body;
    const data = { data: DOT.toString('base64') };
    assert.equal((await admin.client.put('/admin/house/logo', data, tag(version))).status, 200);
    assert.equal((await shown()).logo, null);
    assert.equal((await change({ name: null })).status, 200);
    assert.match((await shown()).logo, /^\/api\/v1\/house\/logo\?v=/);
    const set = await owner.client.put(`${SETTINGS()}/logo`, data, tag((await own()).version));
    assert.equal(set.status, 200, JSON.stringify(set.body));
    const { logo } = await shown();
    assert.match(logo, new RegExp(`^/api/v1/organisations/${owner.id}/house/logo\\?v=[\\da-f]{16}$`));
    const answer = await fetch(app.url + logo);
    assert.deepEqual(
      [answer.headers.get('content-type'), answer.headers.get('cache-control')],
      ['image/png', 'public, max-age=31536000, immutable'],
    );
    assert.ok(Buffer.from(await answer.arrayBuffer()).equals(DOT));
    const gone = await owner.client.delete(`${SETTINGS()}/logo`, undefined, tag((await own()).version));
    assert.deepEqual([gone.status, gone.body.logo], [200, null]);
    assert.equal((await change({ name: CLUB.name })).status, 200);
  });
});

describe('pages', () => {
  const page = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(app.url + path, { headers: { accept: 'text/html', ...headers } });
    return { status: answer.status, html: await answer.text() };
  };

  test('of an event and of its organisation have its name, colour and links from the first frame', async () => {
    for (const path of [`/events/${eventId}`, `/o/${owner.id}`, `/embed/${eventId}`]) {
      const { status, html } = await page(path);
      assert.equal(status, 200, path);
      assert.match(html, /<link rel="stylesheet" id="colors" href="\/colors\.css\?accent=1d4ed8">/, path);
      assert.match(html, /id="seller">\{"name":"Club Sieben"/, path);
      assert.match(html, /id="house">\{"name":"Playhouse Erfurt"/, path);
    }
    const event = (await page(`/events/${eventId}`)).html;
    assert.match(event, /<title>Final · Club Sieben<\/title>/);
    assert.match(event, /property="og:site_name" content="Club Sieben"/);
    assert.match(event, new RegExp(`<a href="/o/${owner.id}" class="brand">`));
    assert.match(
      event,
      new RegExp(`"organizer":\\{"@type":"Organization","name":"[^"]+","url":"[^"]+/o/${owner.id}"`),
    );
    const organisation = (await page(`/o/${owner.id}?lang=de`)).html;
    assert.match(organisation, new RegExp(`<link rel="canonical" href="[^"]+/o/${owner.id}">`));
    assert.match(organisation, new RegExp(`<a href="/events/${eventId}">Final</a>`));
    assert.match((await page('/')).html, /<title>Events · Playhouse Erfurt<\/title>/);
  });

  test('of an organisation are there for what there is, and no further', async () => {
    for (const name of ['imprint', 'privacy', 'terms'])
      assert.equal((await page(`/o/${owner.id}/${name}`)).status, 200, name);
    const [quiet] = await app.people(1, 'organizer');
    for (const path of [
      `/o/${quiet.id}`,
      `/o/${newId()}/imprint`,
      '/o/club',
      '/o/club/terms',
      `/o/${owner.id}/x`,
    ])
      assert.equal((await page(path)).status, 404, path);
  });

  test('show a change within a second, also where they were cached', async () => {
    const title = async (at: TestApp) =>
      (await (await fetch(`${at.url}/events/${eventId}`)).text()).match(/<title>Final · (.*)<\/title>/)?.[1];
    assert.deepEqual([await title(app), await title(other)], [CLUB.name, CLUB.name]);
    assert.equal((await change({ name: 'Club Acht' })).status, 200);
    assert.equal(await title(app), 'Club Acht');
    await until(async () => (await title(other)) === 'Club Acht');
    assert.equal((await change({ name: CLUB.name })).status, 200);
    const { version } = (await owner.client.get(`/organisations/${owner.id}`)).body;
    const renamed = await owner.client.patch(
      `/organisations/${owner.id}`,
      { name: 'Club Sieben e. V.' },
      tag(version),
    );
    assert.equal(renamed.status, 200);
    assert.match((await page(`/events/${eventId}`)).html, />Club Sieben e\. V\.<\/a>/);
  });
});

describe('what buyers are sent', () => {
  testWith('pdftotext')('has the name and the links of the organisation: mails and tickets', async () => {
    const [buyer] = await app.people(1);
    const held = (await buyer.client.post(`/events/${eventId}/holds`, { seats: [3] })).body;
    await buyer.client.post(`/bookings/${held.id}/checkout`, card());
    await app.nest.get(TicketsService).issue(eventId, held.id);
    const { email } = (await buyer.client.get('/auth/me')).body;
    const legal = `${app.config.http.publicUrl}/o/${owner.id}/imprint`;
    let mail: Json | undefined;
    await until(async () => {
      const { body } = await app.client().get(`//dev/mail.json?to=${encodeURIComponent(email)}`);
      mail = body.find(({ text }: Json) => text.includes(legal));
      return mail !== undefined;
    });
    assert.match(
      mail!.text,
      /\n-- \nClub Sieben\n[^\n]+\nHouse rules: https:\/\/club\.example\.org\/rules\n/,
    );
    assert.match(mail!.html, /background:#1d4ed8;color:#ffffff/);
    assert.doesNotMatch(mail!.html, /Playhouse/);
    const folder = mkdtempSync(join(tmpdir(), 'evently-house-'));
    const answer = await fetch(`${app.url}/api/v1/bookings/${held.id}/tickets.pdf`, {
      headers: { authorization: `Bearer ${buyer.token}`, 'accept-language': 'de' },
    });
    const file = join(folder, 'ticket.pdf');
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
    const text = execFileSync(tool('pdftotext'), ['-raw', file, '-']).toString();
    const calendar = await fetch(`${app.url}/api/v1/bookings/${held.id}/tickets.ics`, {
      headers: { authorization: `Bearer ${buyer.token}` },
    });
    rmSync(folder, { recursive: true });
    assert.match(text, /^Club Sieben\nFinal\n/);
    assert.match(text, /\nVeranstalter: Club Sieben e\. V\. · Preise mit 7 % Umsatzsteuer\n/);
    assert.match(await calendar.text(), /ORGANIZER;CN="?Club Sieben"?:/);
  });
});
