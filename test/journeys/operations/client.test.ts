import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { createClient, isProblem, ok } from '../../../clients/typescript/src/index.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Json } from '../../support/client.js';
import { CLIENT_SOURCES, clientTypes } from '../../support/client-types.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { openShop, SHOP_ORIGIN } from '../../support/shops.js';
import { toolsProgram } from '../../support/tools-package.js';
import { until } from '../../support/until.js';

/** Another process, because the application runs in this one. @returns what it printed; fails with it */
async function run(args: string[], env: Record<string, string> = {}): Promise<string> {
  const options = { env: { ...process.env, ...env }, timeout: 60_000 };
  const { stdout } = await promisify(execFile)(process.execPath, args, options).catch((error) => {
    throw new Error(`${error.stdout}${error.stderr}`);
  });
  return stdout;
}

const ACCOUNT = { password: 'a long enough sentence', name: 'Ada' };

describe('the TypeScript client', () => {
  let app: TestApp;
  let sale: Sale;

  beforeAll(async () => {
    app = await startApp();
    sale = await openSale(app, plainHall(20, 25, [{ name: 'Standing', capacity: 100 }]));
  });
  afterAll(() => app.close());

  test('its types are those of the running application', async () => {
    const [openApi, asyncApi] = await Promise.all(
      ['//openapi.json', '//asyncapi.json'].map(async (path) => (await app.client().get(path)).body),
    );
    for (const [name, text] of Object.entries(await clientTypes(openApi, asyncApi)))
      assert.ok(
        readFileSync(join(CLIENT_SOURCES, name), 'utf8') === text,
        `${name}: run npm run client:types`,
      );
  });

  test('the example of its README runs as printed, with the package as it would be published', async () => {
    const home = mkdtempSync(join(tmpdir(), 'evently-client-'));
    try {
      const installed = join(home, 'node_modules', '@evently', 'client');
      mkdirSync(installed, { recursive: true });
      await run([toolsProgram('tsc'), '-p', 'clients/typescript', '--outDir', join(installed, 'dist')]);
      copyFileSync('clients/typescript/package.json', join(installed, 'package.json'));
      for (const name of ['openapi-fetch', 'socket.io-client'])
        symlinkSync(resolve('node_modules', name), join(home, 'node_modules', name));
      const [, example] = /```ts\n(.*?)```/s.exec(readFileSync('clients/typescript/README.md', 'utf8'))!;
      writeFileSync(join(home, 'example.ts'), example!);
      writeFileSync(join(home, 'package.json'), '{"type":"module"}');
      const printed = await run([join(home, 'example.ts')], { EVENTLY_URL: app.url });
      assert.match(printed, /confirmed B0, row 1, seat 1/);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });

  test('errors are problems with a code; tokens are renewed once for all who wait; logout is known at once', async () => {
    const client = createClient(app.url);
    await client.register({ ...ACCOUNT, email: 'client@example.org' });
    const me = () => ok(client.api.GET('/api/v1/auth/me'));
    assert.equal((await me()).name, 'Ada');
    await assert.rejects(
      ok(
        client.api.POST('/api/v1/events/{id}/holds', {
          params: { path: { id: sale.eventId } },
          body: { seats: [9_999] },
        }),
      ),
      (thrown) => isProblem(thrown, 'unknown_seats') && thrown.status === 422,
    );
    let renewals = 0;
    client.session.on('changed', () => renewals++);
    // As if the token had ended: each would fail by itself.
    const refused = (await client.session.token())!;
    const both = await Promise.all([client.session.renew(refused), client.session.renew(refused)]);
    assert.equal(new Set(both).size, 1);
    assert.equal(renewals, 1);
    assert.equal((await me()).name, 'Ada');
    await client.logout();
    await assert.rejects(me(), (thrown) => isProblem(thrown, 'unauthenticated'));
  });

  test('a shop makes sessions with its key; its page buys with them, and gets the next when one has ended', async () => {
    const { key } = await openShop(app, sale.organizer);
    const shop = createClient(app.url, { key });
    const made: Json[] = [];
    const page = createClient(app.url, {
      buyerSession: async () => {
        const customer = { reference: 'C-1042', name: 'Ada Byron' };
        made.push(await shop.buyerSession(sale.eventId, { origin: SHOP_ORIGIN, customer, minutes: 30 }));
        return made.at(-1);
      },
    });
    const params = { path: { id: sale.eventId } };
    const hold = await ok(page.api.POST('/api/v1/events/{id}/holds', { params, body: { seats: [45] } }));
    const own = { params: { path: { id: hold.id } } };
    const both = await Promise.all([1, 2].map(() => ok(page.api.GET('/api/v1/bookings/{id}', own))));
    assert.deepEqual([made.length, ...both.map(({ status }) => status)], [1, 'held', 'held']);
    await ok(shop.api.DELETE('/api/v1/buyer-sessions/{id}', { params: { path: { id: made[0].id } } }));
    const payment = { method: 'card' as const, card: { number: '4242424242424242' } };
    const paid = await ok(page.api.POST('/api/v1/bookings/{id}/checkout', { ...own, body: { payment } }));
    assert.deepEqual([made.length, paid.status], [2, 'confirmed']);
    await assert.rejects(ok(page.api.GET('/api/v1/auth/me')), (thrown) =>
      isProblem(thrown, 'buyer_session_not_allowed'),
    );
    await assert.rejects(
      ok(shop.api.POST('/api/v1/events/{id}/holds', { params, body: { seats: [46] } })),
      (thrown) => isProblem(thrown, 'key_not_allowed'),
    );
  });

  test('a hold whose answer was lost is made once', async () => {
    const [person] = await app.people(1);
    let lose = true;
    const client = createClient(app.url, {
      token: person!.token,
      fetch: async (request) => {
        const answer = await fetch(request);
        if (request.method !== 'POST' || !lose) return answer;
        lose = false;
        throw new TypeError('fetch failed');
      },
    });
    const params = { path: { id: sale.eventId } };
    const hold = await ok(client.api.POST('/api/v1/events/{id}/holds', { params, body: { seats: [40] } }));
    const { body } = await person!.client.get('/bookings');
    assert.deepEqual([lose, body.data.map(({ id }: Json) => id)], [false, [hold.id]]);
  });

  test('seat maps equal the database after a rush in which their connections break again and again', async () => {
    const buyers = await app.people(20);
    const watching = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const client = createClient(app.url, { live: { transports: ['websocket'] } });
        return { client, map: (await client.seatMap(sale.eventId).load()).watch() };
      }),
    );
    try {
      await until(() => watching.every(({ map }) => map.status === 'live'));
      let rushing = true;
      const breaking = watching.map(async ({ client, map }) => {
        while (rushing) {
          await until(() => !rushing || map.status === 'live');
          await sleep(250);
          client.live.interrupt();
          await sleep(50);
        }
      });
      await Promise.all(
        buyers.map(async ({ client }, b) => {
          for (let i = 0; i < 12; i++) {
            const seats = [(b * 37 + i * 11) % 500, (b * 53 + i * 17 + 1) % 500];
            const body = { seats: [...new Set(seats)], areas: [{ area: 'Standing', quantity: 1 }] };
            const hold = await client.post(`/events/${sale.eventId}/holds`, body);
            if (hold.status === 201 && i % 3 === 0) await client.delete(`/bookings/${hold.body.id}`);
            await sleep(50);
          }
        }),
      ).finally(() => {
        rushing = false;
      });
      await Promise.all(breaking);
      const of = async (sql: string) => (await app.db.query(sql, [sale.eventId])).rows;
      const [{ seq }] = await of('SELECT seq::int FROM inventory WHERE event_id = $1');
      const table = Uint8Array.from(
        await of('SELECT state FROM seat WHERE event_id = $1 ORDER BY n'),
        ({ state }) => state,
      );
      const [standing] = await of('SELECT capacity, held, booked FROM area WHERE event_id = $1');
      for (const { map } of watching) {
        await until(() => map.seq >= seq);
        assert.deepEqual(map.states, table, JSON.stringify(map.seen));
        assert.deepEqual(map.areas.get('Standing'), standing);
      }
      const seen = watching.map(({ map }) => map.seen);
      assert.ok(
        seen.every(({ frames }) => frames > 0) && seen.some(({ answers }) => answers > 1),
        JSON.stringify(seen),
      );
    } finally {
      for (const { map, client } of watching) {
        map.close();
        client.close();
      }
    }
  });
});
