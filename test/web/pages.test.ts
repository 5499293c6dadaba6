import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { loadConfig } from '../../src/platform/config/config.js';
import { startApp, type TestApp } from '../support/app.js';
import { openBrowser, openContext } from '../support/browser.js';
import type { Client } from '../support/client.js';
import { openSale, plainHall } from '../support/halls.js';
import { testWith } from '../support/needing.js';
import { recordStatements } from '../support/statements.js';

const ID = '01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47';
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
/** A title that would end a tag, an attribute and a script. */
const HOSTILE = '</script><b onclick="x">"&amp; ‘night’';
const PAGES = [
  '',
  `bookings/${ID}`,
  `bookings/${ID}/checkout`,
  'account/notifications',
  'tickets?transfer=x',
];

describe('the web app as the server answers it', () => {
  let app: TestApp;
  let client: Client;
  let event: string;
  const assets = readdirSync('dist/web/assets').filter((name) => /\.(js|css)$/.test(name));

  beforeAll(async () => {
    app = await startApp({ limits: { on: true } });
    client = app.client();
    const { eventId } = await openSale(app, plainHall(2, 8), { title: HOSTILE, description: HOSTILE });
    event = `//events/${eventId}`;
  });
  afterAll(() => app.close());

  const pageOf = async (path: string, headers: Record<string, string> = {}) => {
    const { status, body, headers: answered } = await client.get(path, { ...HTML, ...headers });
    return { status, html: String(body), headers: answered };
  };

  test('pages can be opened under their addresses, never from a cache unasked, and load from here only', async () => {
    for (const page of [...PAGES.map((path) => `//${path}`), event]) {
      const { status, headers, body } = await client.get(page);
      assert.equal(status, 200, page);
      assert.match(headers['content-type']!, /^text\/html/);
      assert.equal(headers['cache-control'], 'no-cache');
      assert.match(
        headers['content-security-policy']!,
        /default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/,
      );
      assert.equal(headers['x-frame-options'], 'DENY');
      assert.doesNotMatch(body, /<script>|<(?!meta)[^>]*\son\w+=|<style/);
      for (const [, link] of body.matchAll(/(?:src|href)="(\/[^"]*)"/g))
        assert.equal((await client.get(`/${link}`)).status, 200, link);
    }
  });

  test('the page of an event says what, when and where it is before any script has run, in the language of the reader', async () => {
    const { publicUrl } = app.config.http;
    const url = `${publicUrl}/${event.slice(2)}`;
    for (const [language, when, from] of [
      ['en-GB', /CE?S?T until/, 'from '],
      ['de-DE,en;q=0.5', /Uhr|MEZ|MESZ/, 'ab '],
    ] as const) {
      const { html, headers } = await pageOf(event, { 'accept-language': language });
      assert.match(html, new RegExp(`<html lang="${language.slice(0, 2)}">`));
      assert.match(headers.vary!, /Accept-Language/);
      assert.ok(!html.includes('<b onclick'), 'nothing that people have written becomes a tag');
      const shown = HOSTILE.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
      assert.ok(html.includes(`<title>${shown} · Evently</title>`));
      assert.ok(html.includes(`<h1>${shown}</h1>`));
      assert.ok(html.includes(`<meta property="og:title" content="${shown}">`));
      assert.ok(html.includes(`<link rel="canonical" href="${url}">`));
      assert.ok(html.includes(`<meta property="og:url" content="${url}">`));
      assert.ok(html.includes(`<meta property="og:image" content="${publicUrl}/card.png">`));
      const root = html.slice(html.indexOf('id="root"'));
      assert.match(root, when);
      assert.ok(root.includes(from), root);
      const [, json] = /<script type="application\/ld\+json">(.*?)<\/script>/.exec(html)!;
      const data = JSON.parse(json!);
      assert.deepEqual([data['@type'], data.name, data.url], ['Event', HOSTILE, url]);
      assert.match(data.startDate, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
      assert.equal(data.offers.availability, 'https://schema.org/InStock');
    }
    const { html: german } = await pageOf(`${event}?lang=de`);
    assert.match(german, /<html lang="de">/);
    // Sent for at once, rather than one after the other.
    for (const name of ['de', 'event-page', 'map'])
      assert.match(german, new RegExp(`<link rel="modulepreload" crossorigin href="/assets/${name}-`));
    assert.doesNotMatch((await pageOf('//')).html, /event-page|map-/);
  });

  test('the first page lists what is coming, with links', async () => {
    const { html } = await pageOf('//');
    assert.ok(html.includes(`<a href="/${event.slice(2)}">`));
    assert.ok(!html.includes('<b onclick'));
    assert.match(html, /<title>Events · Evently<\/title>/);
    const found = (await pageOf('//?q=nothing')).html;
    assert.deepEqual([found.includes(event.slice(2)), found.includes('noindex')], [false, true]);
    assert.match((await pageOf('//?utm_source=x')).html, /Find your seat/);
  });

  test('a page is read once, and whoever has it is told so until the event changes', async () => {
    const { eventId, organizer } = await openSale(app, plainHall(1, 4), { title: 'First name' });
    const path = `//events/${eventId}`;
    const first = await pageOf(path);
    await pageOf('//');
    const { asked, stop } = recordStatements();
    const again = await pageOf(path, { 'if-none-match': first.headers.etag!, 'x-correlation-id': 'again' });
    const home = await pageOf('//', { 'x-correlation-id': 'again' });
    stop();
    assert.deepEqual([again.status, again.html, home.status], [304, 'undefined', 200]);
    assert.deepEqual(
      asked.filter(({ by }) => by === 'again'),
      [],
    );
    const { headers } = await organizer.client.get(`/events/${eventId}`);
    const edit = { title: 'Second name' };
    await organizer.client.patch(`/events/${eventId}`, edit, { 'if-match': headers.etag! });
    const changed = await pageOf(path, { 'if-none-match': first.headers.etag! });
    assert.equal(changed.status, 200);
    assert.match(changed.html, /<h1>Second name<\/h1>/);
  });

  test('a draft has no page before it is published, and a database that stands still no picture', async () => {
    const { organizer, eventId, venueId } = await openSale(app, plainHall(1, 4));
    const { planId, startsAt, endsAt } = (await organizer.client.get(`/events/${eventId}`)).body;
    const draft = { venueId, planId, startsAt, endsAt, title: 'Secret', category: 'x', currency: 'EUR' };
    const { body } = await organizer.client.post('/events', draft);
    const { status, html } = await pageOf(`//events/${body.id}`);
    assert.deepEqual([status, html.includes('Secret')], [404, false]);
    const locked = await app.db.connect();
    try {
      await locked.query('BEGIN; LOCK TABLE event IN ACCESS EXCLUSIVE MODE');
      const plain = await pageOf('//events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48');
      assert.equal(plain.status, 200);
      assert.match(plain.html, /id="root"/);
    } finally {
      await locked.query('ROLLBACK');
      locked.release();
    }
  });

  test('addresses that lead nowhere get the page of the app, and programs a problem', async () => {
    for (const path of ['//no-such-page', '//a/b/c', `//events/${ID}`, '//events/x', '//bookings/x']) {
      const { status, html, headers } = await pageOf(path);
      assert.equal(status, 404, path);
      assert.match(headers['content-type']!, /^text\/html/, path);
      assert.match(html, /<meta name="robots" content="noindex">/);
      assert.match(html, /id="root"/);
    }
    assert.match((await pageOf('//no-such-page')).html, /There is nothing here/);
    for (const path of ['/no-such-thing', `/events/${ID}`]) {
      const { status, body } = await client.get(path, HTML);
      assert.deepEqual([status, body.status], [404, 404], path);
    }
    const posted = await client.post('//no-such-page', {}, HTML);
    assert.deepEqual([posted.status, posted.body.code], [404, 'route_not_found']);
  });

  test('files whose names change with their content are kept for a year and sent compressed', async () => {
    assert.ok(assets.length > 5);
    const large = assets.find((name) => name.startsWith('index') && name.endsWith('.js'))!;
    for (const [accept, encoding] of [
      ['br, gzip', 'br'],
      ['gzip', 'gzip'],
      ['identity', undefined],
    ] as const) {
      const { status, headers } = await client.get(`//assets/${large}`, { 'accept-encoding': accept });
      assert.deepEqual([status, headers['content-encoding']], [200, encoding]);
      assert.match(headers['cache-control']!, /max-age=31536000, immutable/);
      assert.match(headers['content-type']!, /^(text|application)\/javascript/);
      assert.equal(headers.ratelimit, undefined, 'assets count for nobody');
    }
  });

  test('the widget may be framed by anybody, and its script is not kept for long', async () => {
    const { headers } = await client.get(`//embed/${ID}`);
    assert.match(headers['content-security-policy']!, /frame-ancestors \*$/);
    assert.equal(headers['x-frame-options'], undefined);
    assert.match((await client.get('//embed.js')).headers['cache-control']!, /max-age=3600/);
  });

  test('what is not there is a problem, and the API and its pages stay as they were', async () => {
    for (const path of [
      '//assets/none.js',
      '//assets/..%2Findex.html',
      '//assets/%2e%2e%2fmain.js',
      '//assets/..%5Cmain.js',
      '//no-such-page',
      '//index.html',
      '//web/index.html',
    ]) {
      const { status, body } = await client.get(path);
      assert.deepEqual([status, body.code], [404, 'route_not_found'], path);
    }
    assert.equal((await client.get('/events')).headers['content-type'], 'application/json; charset=utf-8');
    assert.ok((await client.get('/events')).headers.ratelimit);
    for (const path of ['//docs', '//openapi.json', '//metrics'])
      assert.equal((await client.get(path)).status, 200, path);
  });

  test('a shop of another origin may use every method that the API has', async () => {
    const { paths } = (await client.get('//openapi.json')).body;
    const methods = new Set(Object.values(paths).flatMap((path) => Object.keys(path as object)));
    const known = [...methods].map((method) => method.toUpperCase()).filter((m) => METHODS.includes(m));
    assert.ok(known.length >= 5, known.join());
    for (const method of known) {
      const { status, headers } = await client.send('OPTIONS', `/bookings/${ID}`, undefined, {
        origin: 'https://shop.example.org',
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,idempotency-key,content-type,if-match',
      });
      assert.equal(status, 204);
      assert.ok(headers['access-control-allow-methods']!.split(', ').includes(method), method);
      assert.match(headers['access-control-allow-headers']!, /if-match/);
      assert.equal(headers['access-control-allow-origin'], '*');
    }
  });

  test('mails of the development mailbox are shown to no other origin and under no other name', async () => {
    for (const path of ['//dev/mail', '//dev/mail.json']) {
      const { status, headers } = await client.get(path, { origin: 'https://evil.example' });
      assert.equal(status, 200);
      assert.equal(headers['access-control-allow-origin'], undefined);
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
      const preflight = await client.send('OPTIONS', path, undefined, {
        origin: 'https://evil.example',
        'access-control-request-method': 'GET',
      });
      assert.deepEqual(
        [preflight.status, preflight.headers['access-control-allow-origin']],
        [404, undefined],
      );
      for (const host of [
        'evil.example',
        'evil.example:8000',
        '192.168.1.4:8000',
        'localhost.evil.example',
      ]) {
        const refused = await client.get(path, { host });
        assert.deepEqual([refused.status, refused.body.code], [403, 'forbidden'], host);
      }
      for (const host of ['localhost:8000', '127.0.0.1', '[::1]:8000', 'LOCALHOST'])
        assert.equal((await client.get(path, { host })).status, 200, host);
    }
  });

  test('the development mailbox is open to everybody, or closed, when a setting says so', async () => {
    for (const [devReaders, expected] of [
      ['everyone', 200],
      ['off', 404],
    ] as const) {
      const other = await startApp({ mail: { devReaders }, database: app.config.database });
      try {
        assert.equal((await other.client().get('//dev/mail', { host: 'shop.example' })).status, expected);
      } finally {
        await other.close();
      }
    }
    const production = { NODE_ENV: 'production', EVENTLY_DEV_MAIL: 'loopback' };
    assert.throws(() => loadConfig({ ...process.env, ...production }), /EVENTLY_DEV_MAIL must be off/);
  });

  testWith('chromium')('the pages about the API load nothing from elsewhere', async () => {
    const browser = await openBrowser();
    try {
      const { context, complaints } = await openContext(browser, app.url);
      const foreign: string[] = [];
      context.on('request', (request) => {
        if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(app.url))
          foreign.push(request.url());
      });
      for (const [path, shown] of [
        ['/docs', '.opblock-tag'],
        ['/redoc', 'a[href^="https://redocly.com"] img'],
        ['/asyncapi', 'h1'],
        ['/docs/errors', 'h1'],
      ] as const) {
        const page = await context.newPage();
        await page.goto(path);
        await page.locator(shown).first().waitFor({ state: 'attached' });
      }
      assert.deepEqual([foreign, complaints], [[], []]);
    } finally {
      await browser.close();
    }
  });

  test('a worker has no pages', async () => {
    const worker = await startApp({ role: 'worker', database: app.config.database });
    try {
      for (const path of ['//', '//embed.js', `//assets/${assets[0]}`])
        assert.equal((await worker.client().get(path)).status, 404, path);
    } finally {
      await worker.close();
    }
  });
});
