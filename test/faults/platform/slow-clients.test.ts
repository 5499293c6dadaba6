import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { DEFAULT_QUOTAS } from '../../../src/platform/common/quotas.js';
import { HTTP_LIMITS } from '../../../src/platform/http/http-limits.js';
import { securityHeaders } from '../../../src/platform/http/security-headers.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Client, Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { testWith } from '../../support/needing.js';
import { note } from '../../support/note.js';
import { RawConnection } from '../../support/raw.js';
import { SlowCrowd } from '../../support/slow-crowd.js';
import { tool } from '../../support/tools.js';
import { until } from '../../support/until.js';

const MB = 1024 * 1024;
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*[A-Za-z]`, 'g');

describe('one client takes no more than its share', () => {
  let app: TestApp;
  let sale: Sale;
  let buyer: Client;
  let crowd: SlowCrowd | undefined;
  beforeAll(async () => {
    // With the limits by address that an installation has, but for the requests that slowhttptest makes in all.
    const quotas = { ...DEFAULT_QUOTAS, default: { person: 6_000, address: 100_000 } };
    const openHolds = { person: 100, network: 100 };
    app = await startApp({
      http: { corsOrigins: ['https://shop.example.org'] },
      limits: { on: true, quotas, openHolds },
    });
    sale = await openSale(app, plainHall(250, 200));
    buyer = (await app.people(1))[0].client;
  });
  afterAll(async () => {
    crowd?.end();
    await app.close();
  });

  const map = () => `/api/v1/events/${sale.eventId}/seat-map`;
  const holds = () => `/events/${sale.eventId}/holds`;
  const served = async () => {
    const began = performance.now();
    assert.equal((await app.client().get('/health/live')).status, 200);
    assert.equal((await buyer.get(`/events/${sale.eventId}/seats`)).status, 200);
    return Math.round(performance.now() - began);
  };

  test('sizes, depths and encodings beyond what any request needs', async () => {
    const nested = (depth: number) => `{"seats":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    for (const [send, status, code] of [
      [() => buyer.post(holds(), nested(100_000)), 400, 'too_deep'],
      [() => buyer.post(holds(), `${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}`), 400, 'too_deep'],
      [() => buyer.post(holds(), nested(HTTP_LIMITS.depth - 1)), 400, 'wrong_type'],
      [() => buyer.post(holds(), `{"seats":[${'1,'.repeat(200_000)}1]}`), 413, 'body_too_large'],
      [
        () => buyer.post(holds(), { seats: Array.from({ length: 1_001 }, (_, n) => n) }),
        422,
        'validation_failed',
      ],
      [() => buyer.get(`/events?q=${'x'.repeat(HTTP_LIMITS.url)}`), 414, 'url_too_long'],
      [() => buyer.get(`/events?${'limit=1&'.repeat(1_000)}`), 400, 'invalid_query'],
      [() => buyer.get('/events', { 'x-filler': 'x'.repeat(HTTP_LIMITS.header) }), 431, 'headers_too_large'],
      [
        () => buyer.send('POST', holds(), gzipSync(Buffer.alloc(50 * MB)), { 'content-encoding': 'gzip' }),
        415,
        'unsupported_media_type',
      ],
      [
        () =>
          buyer.send('POST', holds(), '--x\r\n\r\n--x--', {
            'content-type': 'multipart/form-data; boundary=x',
          }),
        415,
        'unsupported_media_type',
      ],
    ] as const) {
      const answer = await send();
      assert.deepEqual(
        [answer.status, answer.body?.code],
        [status, code],
        JSON.stringify(answer.body)?.slice(0, 300),
      );
      assert.match(answer.headers['content-type']!, /^application\/problem\+json/);
    }
    assert.equal((await buyer.post(holds(), { seats: [0] })).status, 201);
  });

  test('every list of a body has an end', async () => {
    const { body: document } = await app.client().get('//openapi.json');
    const open: string[] = [];
    const walk = (node: Json, path: string, seen: string[]): void => {
      if (!node || typeof node !== 'object') return;
      if (node.$ref) {
        const name = node.$ref.split('/').at(-1);
        if (!seen.includes(name)) walk(document.components.schemas[name], name, [...seen, name]);
        return;
      }
      if (node.type === 'array' && node.maxItems === undefined) open.push(path);
      for (const [key, value] of Object.entries<Json>(node))
        if (key !== 'example' && key !== 'enum') walk(value, `${path}.${key}`, seen);
    };
    for (const [path, item] of Object.entries<Json>(document.paths))
      for (const operation of Object.values<Json>(item))
        walk(operation.requestBody?.content['application/json']?.schema, path, []);
    assert.deepEqual([...new Set(open)], []);
  });

  test('requests are answered while 1,600 slow connections stand and trickle', async () => {
    crowd = await SlowCrowd.gather(app.url, map(), { headers: 700, bodies: 700, readers: 200 });
    const times: number[] = [];
    for (let seat = 100; seat < 108; seat++) {
      times.push(await served());
      assert.equal((await buyer.post(holds(), { seats: [seat] })).status, 201);
      await sleep(250);
    }
    assert.deepEqual(crowd.open, [700, 700, 200], 'none was sent away yet');
    for (const reader of crowd.readers) assert.ok(reader.socket.readableLength < MB, 'still being read');
    note(`two requests took ${times.join(', ')} ms`);
  });

  testWith('slowhttptest')(
    'requests are answered while slowhttptest attacks in each of its three ways',
    async () => {
      const url = app.url + map();
      const run = promisify(execFile);
      for (const [way, ...more] of [
        ['-H', '-u', url],
        ['-B', '-u', `${app.url}/api/v1/auth/login`, '-s', '8192'],
        ['-X', '-u', url, '-w', '10', '-y', '20', '-n', '5', '-z', '32', '-k', '3'],
      ] as string[][]) {
        const options = ['-c', '500', '-r', '250', '-i', '3', '-l', '5', '-p', '3'];
        const attack = run(tool('slowhttptest'), [way!, ...options, ...more]);
        for (let i = 0; i < 5; i++) await served();
        const stdout = (await attack).stdout.replace(COLOURS, '');
        const connected = [...stdout.matchAll(/connected:\s+(\d+)/g)].map(([, count]) => Number(count));
        assert.ok(Math.max(...connected) > 20, stdout.slice(-1_500));
        const said = [...stdout.matchAll(/service available:\s+(YES|NO)/g)].map(([, verdict]) => verdict);
        note(`${way}: ${Math.max(...connected)} connections, the tool says available: ${said.join(', ')}`);
      }
    },
  );

  test('who does not end the headers in 10 s is told so and sent away, also when something comes each second', async () => {
    const { headers } = crowd!;
    await until(async () => crowd!.open[0] === 0, 30_000);
    assert.deepEqual(
      new Set(headers.map(({ received }) => received.slice(0, 12))),
      new Set(['HTTP/1.1 408']),
    );
    await served();
    crowd!.end();
  });

  test('connections beyond the limits are closed at once, and those there are go on', async () => {
    const limited = await startApp({
      limits: { on: true },
      http: { connectionsPerAddress: 20, connections: 30 },
    });
    try {
      const first = await RawConnection.many(19, limited.url);
      assert.equal((await limited.client().get('/health/live')).status, 200);
      const more = await RawConnection.many(30, limited.url);
      await until(async () => more.every(({ closed }) => closed));
      for (const connection of first) connection.end();
      await until(
        async () => (await fetch(`${limited.url}/api/v1/health/live`).catch(() => undefined))?.ok ?? false,
      );
    } finally {
      await limited.close();
    }
  });

  test("helmet's headers on every answer; other sites read what CORS lets them", async () => {
    const secure = securityHeaders('https://tickets.example.org');
    assert.match(secure['strict-transport-security']!, /^max-age=31536000$/);
    const expected = securityHeaders(app.config.http.publicUrl);
    assert.equal(expected['strict-transport-security'], undefined);
    assert.ok(Object.keys(expected).length >= 11, Object.keys(expected).join());
    for (const path of ['/health/live', '/nowhere', '/auth/me', '//openapi.json'])
      for (const [name, value] of Object.entries(expected))
        assert.equal((await app.client().get(path)).headers[name], value, `${path} ${name}`);
    const { headers: page } = await app.client().get('//docs');
    assert.match(page['content-security-policy']!, /script-src 'self'/);
    assert.equal(page['x-content-type-options'], 'nosniff');

    const preflight = (origin: string, headers: string) =>
      app.client().send('OPTIONS', '/events', undefined, {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': headers,
      });
    const friend = await preflight('https://shop.example.org', 'authorization,idempotency-key');
    assert.equal(friend.headers['access-control-allow-origin'], 'https://shop.example.org');
    assert.equal(friend.headers['access-control-allow-credentials'], undefined);
    const [person] = await app.people(1);
    for (const origin of ['https://evil.example.org', 'https://shop.example.org.evil.example', 'null']) {
      // With a token a page may ask, since it may have one of a buyer session; it reads the answer to no other.
      for (const { headers } of [
        await preflight(origin, 'idempotency-key'),
        await app.client().get('/events', { origin }),
        await person.client.get('/auth/me', { origin }),
      ])
        assert.notEqual(headers['access-control-allow-origin'], origin);
    }
    const polling = async (origin: string) =>
      (await app.client().get('//socket.io/?EIO=4&transport=polling', { origin })).headers[
        'access-control-allow-origin'
      ];
    assert.equal(await polling('https://shop.example.org'), 'https://shop.example.org');
    assert.notEqual(await polling('https://evil.example.org'), 'https://evil.example.org');
  });
});
