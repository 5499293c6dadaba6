import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { startApp, type TestApp } from './support/app.js';
import type { Client } from './support/client.js';

const ID = '01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47';
const PAGES = [
  '',
  'events/x',
  `bookings/${ID}`,
  `bookings/${ID}/checkout`,
  'account/notifications',
  'tickets?transfer=x',
];

describe('the web app as the server answers it', () => {
  let app: TestApp;
  let client: Client;
  const assets = readdirSync('dist/web/assets').filter((name) => /\.(js|css)$/.test(name));

  before(async () => {
    app = await startApp({ rateLimits: true });
    client = app.client();
  });
  after(() => app.close());

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

  test('a worker has no pages', async () => {
    const worker = await startApp({ role: 'worker', databaseUrl: app.config.databaseUrl });
    try {
      for (const path of ['//', '//embed.js', `//assets/${assets[0]}`])
        assert.equal((await worker.client().get(path)).status, 404, path);
    } finally {
      await worker.close();
    }
  });
});
