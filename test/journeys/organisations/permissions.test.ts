import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { io } from 'socket.io-client';
import { fromClients } from '../../../src/live/live.messages.js';
import { PERMISSIONS, type Permission } from '../../../src/platform/access/permissions.js';
import { newId } from '../../../src/platform/common/ids.js';
import { ACCESS, type Call } from '../../support/access-table.js';
import { AccessWorld } from '../../support/access-world.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Client, Json } from '../../support/client.js';
import { METHODS } from '../../support/fuzz.js';
import { openSale, plainHall } from '../../support/halls.js';
import { giveRights } from '../../support/members.js';
import { describeWith } from '../../support/needing.js';
import { note } from '../../support/note.js';
import type { Person } from '../../support/people.js';
import { randomFrom } from '../../support/random.js';
import { RedisServer } from '../../support/redis.js';
import { until } from '../../support/until.js';

/** Routes that need more than the permission they are marked with, for the body that the table gives them. */
const MORE: Record<string, Permission[]> = {
  'POST /events': ['prices'],
  'PUT /organisations/{id}/members/{member}': ['door'],
  'POST /organisations/{id}/invitations': ['door'],
  'POST /organisations/{id}/keys': ['door'],
  'POST /organisations/{id}/keys/{key}/rotate': ['door'],
};
const OF_KEYS = PERMISSIONS.filter((one) => one !== 'members');
/** `FOREIGN_CALLS=10000 npm test -- permissions` makes more of them. */
const FOREIGN_CALLS = Number(process.env.FOREIGN_CALLS ?? 600);

describe('permissions', () => {
  let app: TestApp;
  let world: AccessWorld;
  let member: Person;
  let marked: Map<string, Permission>;
  let examples: Map<string, Json>;

  beforeAll(async () => {
    app = await startApp({ demo: true, limits: { on: false }, webhooks: { allowPrivate: true } });
    world = await AccessWorld.open(app, plainHall(40, 40));
    [member] = await app.people(1);
    const { body } = await app.client().get('//openapi.json');
    const operations = Object.entries<Json>(body.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method]).map((method): [string, Json] => [
        `${method.toUpperCase()} ${path.replace('/api/v1', '')}`,
        item[method],
      ]),
    );
    marked = new Map(
      operations.flatMap(([route, one]) => (one['x-permission'] ? [[route, one['x-permission']]] : [])),
    );
    examples = new Map(operations.map(([route, one]) => [route, exampleOf(body, one)]));
  });
  afterAll(async () => {
    world.close();
    await assertAuditClean(app);
    await app.close();
  });

  const rows = (): [string, (w: AccessWorld) => Promise<Call>][] =>
    [...marked.keys()].flatMap((route) =>
      [ACCESS[route]!]
        .flat()
        .flatMap((row): [string, (w: AccessWorld) => Promise<Call>][] =>
          row.owner === 'organizer' ? [[route, row.make ?? (async () => ({}))]] : [],
        ),
    );

  function send(route: string, client: Client, { params = {}, query = '', body, headers }: Call) {
    const [method, path] = route.split(' ') as [string, string];
    const url = path.replace(/\{(\w+)\}/g, (_, name: string) => params[name]!);
    return client.send(method, url + query, body ?? examples.get(route), headers);
  }

  /** The provider of the test is at an address that is none. */
  const UNREACHED = 'identity_provider_unavailable';
  const REFUSED = ['permission_missing', 'forbidden', 'rights_not_yours', 'key_of_other_kind'];
  const ofOrganizer = { 'evently-organisation': '' };

  test('of a member open the routes that they are for, and no other one', async () => {
    ofOrganizer['evently-organisation'] = world.organizer.id;
    const wrong: string[] = [];
    let tried = 0;
    for (const [route, make] of rows()) {
      const needed = [marked.get(route)!, ...(MORE[route] ?? [])];
      for (const [permissions, allowed] of [
        [needed, true],
        [PERMISSIONS.filter((one) => one !== needed[0]), false],
      ] as const) {
        const call = await make(world);
        await giveRights(app, world.organizer.id, member, { permissions });
        const { status, body } = await send(route, member.client, {
          ...call,
          headers: { ...ofOrganizer, ...call.headers },
        });
        tried++;
        const refused = status === 403 && REFUSED.includes(body.code);
        if (refused === allowed || (status >= 500 && body.code !== UNREACHED) || (allowed && status === 404))
          wrong.push(`${route} with ${permissions}: ${status} ${body?.code}`);
      }
    }
    // Only an owner offers ownership.
    assert.deepEqual(wrong, ['POST /organisations/{id}/ownership with members: 403 rights_not_yours']);
    note(`${tried} calls to ${marked.size} routes`);
    assert.ok(tried > 80, `${tried}`);
  });

  test('of a key open the same routes, and no other one', async () => {
    const { client, id } = world.organizer;
    const withKey = async (
      permissions: readonly Permission[],
      use: (key: Client) => ReturnType<typeof send>,
    ) => {
      const { status, body } = await client.post(`/organisations/${id}/keys`, { name: 'Shop', permissions });
      assert.equal(status, 201, JSON.stringify(body));
      const answer = await use(app.client(body.key));
      await client.delete(`/organisations/${id}/keys/${body.id}`);
      return answer;
    };
    const wrong: string[] = [];
    let tried = 0;
    for (const [route, make] of rows()) {
      const needed = [marked.get(route)!, ...(MORE[route] ?? [])];
      // No key is given this: a key that leaks makes no members.
      if (needed.includes('members')) continue;
      for (const [permissions, allowed] of [
        [needed, true],
        [OF_KEYS.filter((one) => one !== needed[0]), false],
      ] as const) {
        const call = await make(world);
        const { status, body } = await withKey(permissions, (key) => send(route, key, call));
        tried++;
        const refused = status === 403 && REFUSED.includes(body.code);
        if (refused === allowed || (status >= 500 && body.code !== UNREACHED) || (allowed && status === 404))
          wrong.push(`${route} with ${permissions}: ${status} ${body?.code}`);
      }
    }
    assert.deepEqual(wrong, []);
    note(`${tried} calls with keys`);
  });

  test('decide about each message of the live connection as well', async () => {
    const { eventId, organizer } = world.sale;
    const other = await openSale(app, plainHall(2, 2));
    const [plain, cashier, elsewhere, buyer] = await app.people(4);
    await giveRights(app, organizer.id, plain, {
      permissions: PERMISSIONS.filter((one) => one !== 'money'),
    });
    await giveRights(app, organizer.id, cashier, { permissions: ['money'], events: [eventId] });
    await giveRights(app, other.organizer.id, elsewhere, { permissions: ['money'] });
    const made = await organizer.client.post(`/organisations/${organizer.id}/keys`, {
      name: 'Board',
      permissions: ['money'],
    });
    const callers: [string, string | undefined][] = [
      ['nobody', undefined],
      ['buyer', buyer.token],
      ['member without money', plain.token],
      ['member with money', cashier.token],
      ['member of another', elsewhere.token],
      ['key with money', made.body.key],
      ['owner', organizer.token],
    ];
    const everybody = Object.fromEntries(callers.map(([who]) => [who, 'ok']));
    // As the AsyncAPI document says of each message: only the numbers need a permission.
    const table: Record<keyof typeof fromClients, Record<string, string>> = {
      watch: everybody,
      unwatch: everybody,
      'watch.sales': {
        nobody: 'unauthenticated',
        buyer: 'not_found',
        'member without money': 'permission_missing',
        'member with money': 'ok',
        'member of another': 'not_found',
        'key with money': 'ok',
        owner: 'ok',
      },
      'unwatch.sales': everybody,
      authenticate: { ...everybody, nobody: 'token_invalid' },
    };
    assert.deepEqual(Object.keys(table).sort(), Object.keys(fromClients).sort());
    const found: Record<string, Record<string, string>> = {};
    for (const [who, token] of callers) {
      const socket = io(`${app.url}/live`, { transports: ['websocket'], ...(token && { auth: { token } }) });
      for (const name of Object.keys(table)) {
        const payload = name === 'authenticate' ? { token: token ?? 'nobody' } : { eventId };
        const answer = await socket.timeout(5_000).emitWithAck(name, payload);
        found[name] = { ...found[name], [who]: answer.ok ? 'ok' : answer.error.code };
      }
      socket.close();
    }
    assert.deepEqual(found, table);
  });

  test('of one organisation open nothing of another, whatever ids are put together', async () => {
    const random = randomFrom(20261201);
    const [rival] = await app.people(1, 'organizer');
    const calls: [string, Call][] = [];
    const shared = world.sharing();
    for (const [route, make] of rows()) calls.push([route, await make(shared)]);
    const ids = calls.flatMap(([, { params }]) => Object.values(params ?? {}));
    const wrong: string[] = [];
    for (let i = 0; i < FOREIGN_CALLS; i++) {
      const [route, call] = calls[Math.floor(random() * calls.length)]!;
      // Only what names an object of the others; the rest makes or lists one's own.
      if (!route.includes('{')) continue;
      const params = Object.fromEntries(
        Object.keys(call.params ?? {}).map((name) => [
          name,
          random() < 0.1 ? newId() : ids[Math.floor(random() * ids.length)]!,
        ]),
      );
      const named: Record<string, string> =
        random() < 0.3 ? { 'evently-organisation': world.organizer.id } : {};
      const { status, body } = await send(route, rival.client, {
        ...call,
        params,
        headers: { ...call.headers, ...named },
      });
      if (status < 400 || status >= 500)
        wrong.push(`${route} ${JSON.stringify(params)}: ${status} ${body?.code}`);
    }
    assert.deepEqual(wrong, []);
  });
});

function exampleOf(document: Json, { requestBody }: Json): Json {
  const content = requestBody?.content?.['application/json'];
  const schema = content?.schema?.$ref
    ? document.components.schemas[content.schema.$ref.split('/').at(-1)]
    : content?.schema;
  return content?.example ?? schema?.example ?? schema?.examples?.[0];
}

/** A member works on two replicas all the time, and watches the sales, while the right is taken away. */
async function withdrawn(settings: Json): Promise<void> {
  const app = await startApp({ limits: { on: false }, ...settings });
  const other = await startApp({ limits: { on: false }, ...settings, database: app.config.database });
  try {
    const { eventId, organizer } = await openSale(app, plainHall(2, 10));
    const [member, buyer] = await app.people(2);
    const path = `/events/${eventId}/check-in`;
    const base = `/organisations/${organizer.id}`;
    /** Something that opens the routes of the workers, and how it ends. */
    const openings: Record<string, () => Promise<{ token: string; end: () => Promise<unknown> }>> = {
      'a right': async () => {
        await giveRights(app, organizer.id, member, { permissions: ['door', 'money'] });
        return { token: member.token, end: () => organizer.client.delete(`${base}/members/${member.id}`) };
      },
      'a key': async () => {
        const wanted = { name: 'Gate', permissions: ['door', 'money'] };
        const { body } = await organizer.client.post(`${base}/keys`, wanted);
        return { token: body.key, end: () => organizer.client.delete(`${base}/keys/${body.id}`) };
      },
      'a session': async () => {
        const [person] = await app.people(1);
        await giveRights(app, organizer.id, person, { permissions: ['door', 'money'] });
        return {
          token: person.token,
          end: () => person.client.delete(`/auth/me/sessions/${person.sessionId}`),
        };
      },
    };
    for (const [what, open] of Object.entries(openings)) {
      const { token, end } = await open();
      await until(async () => (await other.client(token).get(path)).status === 200);
      const sockets = await Promise.all([app, other].map(({ url }) => watchSales(url, token, eventId)));
      const workers = [app, other].map((replica) => new Worker(replica.client(token), path));
      let buying = true;
      const buyers = (async () => {
        for (let n = 0; buying; n = (n + 1) % 20) {
          const { body } = await buyer.client.post(`/events/${eventId}/holds`, { seats: [n] });
          if (body.id) await buyer.client.delete(`/bookings/${body.id}`);
        }
      })();
      try {
        await until(() => workers.every(({ allowed }) => allowed.length > 20));
        await until(() => sockets.every(({ told }) => told.length > 0));
        await end();
        const at = Date.now();
        await until(() => workers.every(({ refused }) => refused.length > 100));
        for (const { allowed, refused } of workers)
          assert.ok(allowed.at(-1)! < refused.find((one) => one >= at)!, 'once refused, always refused');
        // The numbers go out each second: one message may be under way.
        const messages = sockets.map(({ told }) => told.filter((one) => one > at).length);
        assert.ok(
          messages.every((count) => count <= 2),
          `${messages}`,
        );
        const lags = workers.map(({ allowed }) => Math.max(0, allowed.at(-1)! - at));
        note(`${what}: requests that began ${lags} ms after its end were the last to succeed`);
      } finally {
        buying = false;
        await Promise.all([buyers, ...workers.map((one) => one.stop())]);
        for (const { close } of sockets) close();
      }
    }
    await assertAuditClean(app);
  } finally {
    await other.close();
    await app.close();
  }
}

/** Asks the same thing again and again, and remembers when each request that succeeded or was refused began. */
class Worker {
  readonly allowed: number[] = [];
  readonly refused: number[] = [];
  private working = true;
  private readonly done: Promise<void>;

  constructor(client: Client, path: string) {
    this.done = this.work(client, path);
  }

  async stop(): Promise<void> {
    this.working = false;
    await this.done;
  }

  private async work(client: Client, path: string): Promise<void> {
    while (this.working) {
      const begun = Date.now();
      const { status } = await client.get(path);
      if (status === 200) this.allowed.push(begun);
      if ((status === 401 || status === 403) && this.allowed.length > 0) this.refused.push(begun);
    }
  }
}

async function watchSales(url: string, token: string, eventId: string) {
  const socket = io(`${url}/live`, { transports: ['websocket'], auth: { token } });
  const told: number[] = [];
  socket.on('sales.changed', () => told.push(Date.now()));
  await until(async () => {
    const answer = await socket.timeout(5_000).emitWithAck('watch.sales', { eventId });
    return answer.ok === true;
  });
  return { told, close: () => socket.close() };
}

describe('a right, a key or a session that ends in the middle of a rush', () => {
  test('opens nothing any more, on two replicas without Redis', () => withdrawn({}));
});

describeWith('redis-server')(
  'a right, a key or a session that ends in the middle of a rush, with Redis',
  () => {
    test('opens nothing any more, on two replicas', async () => {
      const redis = await RedisServer.start();
      try {
        await withdrawn({ redis: redis.patient });
      } finally {
        await redis.stop();
      }
    });
  },
);
