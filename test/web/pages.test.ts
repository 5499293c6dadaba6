import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { loadConfig } from '../../src/platform/config/config.js';
import { startApp, type TestApp } from '../support/app.js';
import { openBrowser, openContext } from '../support/browser.js';
import type { Client } from '../support/client.js';
import { testWith } from '../support/needing.js';

const ID = '01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47';
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const PAGES = [
  '',
  `events/${ID}`,
  `bookings/${ID}`,
  `bookings/${ID}/checkout`,
  'account/notifications',
  'tickets?transfer=x',
];

describe('the web app as the server answers it', () => {
  let app: TestApp;
  let client: Client;
  const assets = readdirSync('dist/web/assets').filter((name) => /\.(js|css)$/.test(name));

  beforeAll(async () => {
    app = await startApp({ limits: { on: true } });
    client = app.client();
  });
  afterAll(() => app.close());

  test('pages can be opened under their addresses, never from a cache unasked, and load from here only', async () => {
    for (const page of PAGES) {
      const { status, headers, body } = await client.get(`//${page}`);
      assert.equal(status, 200, page);
      assert.match(headers['content-type']!, /^text\/html/);
      assert.equal(headers['cache-control'], 'no-cache');
      assert.match(
        headers['content-security-policy']!,
        /default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/,
      );
      assert.equal(headers['x-frame-options'], 'DENY');
      assert.doesNotMatch(body, /<script>|\son\w+=|<style/);
      for (const [, link] of body.matchAll(/(?:src|href)="([^"]+)"/g))
        assert.equal((await client.get(`/${link}`)).status, 200, link);
    }
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
