import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { PasswordService } from '../../../src/auth/tokens/password.service.js';
import { newId } from '../../../src/platform/common/ids.js';
import { ACCESS, type Call, type Column, ROLES, type Row } from '../../support/access-table.js';
import { AccessWorld } from '../../support/access-world.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Answer, Client, Json } from '../../support/client.js';
import { changedTables, quietFingerprint, takeFingerprint } from '../../support/fingerprint.js';
import { METHODS } from '../../support/fuzz.js';
import type { Person } from '../../support/people.js';

const REFUSALS = [401, 403, 404];
const QUIET_MS = 1_200;
/** Routes that move money, make keys, change members or weaken an account. */
const STEP_UP = [
  'DELETE /admin/identity-providers/{id}',
  'DELETE /admin/users/{id}/second-factor',
  'DELETE /auth/me/identities/{identity}',
  'DELETE /auth/me/passkeys/{id}',
  'DELETE /auth/me/second-factor',
  'DELETE /organisations/{id}/identity-providers/{provider}',
  'DELETE /organisations/{id}/members/{member}',
  'PATCH /admin/identity-providers/{id}',
  'PATCH /admin/users/{id}',
  'PATCH /organisations/{id}/identity-providers/{provider}',
  'POST /admin/identity-providers',
  'POST /admin/payments/discrepancies/{id}/resolve',
  'POST /admin/refunds/{id}/settle',
  'POST /auth/me/identities',
  'POST /auth/me/passkeys',
  'POST /auth/me/passkeys/options',
  'POST /auth/me/recovery-codes',
  'POST /auth/me/second-factor',
  'POST /events/{id}/cancel',
  'POST /organisations/{id}/identity-providers',
  'POST /organisations/{id}/invitations',
  'POST /organisations/{id}/keys',
  'POST /organisations/{id}/keys/{key}/rotate',
  'POST /organisations/{id}/ownership',
  'POST /organisations/{id}/ownership/accept',
  'POST /payments/{id}/refund',
  'PUT /organisations/{id}/members/{member}',
];

describe('who may call what', () => {
  let app: TestApp;
  let world: AccessWorld;
  let operations: Map<string, Json>;
  let passwordHash: string;

  beforeAll(async () => {
    app = await startApp({
      demo: true,
      webhooks: { allowPrivate: true },
      inventory: { sweeper: false },
      waitlist: { worker: false },
    });
    world = await AccessWorld.open(app);
    passwordHash = await app.nest.get(PasswordService).hash('a password of this test');
    const { body } = await app.client().get('//openapi.json');
    operations = new Map(
      Object.entries<Json>(body.paths).flatMap(([path, item]) =>
        METHODS.filter((method) => item[method]).map((method): [string, Json] => [
          `${method.toUpperCase()} ${path.replace('/api/v1', '')}`,
          { ...item[method], example: exampleOf(body, item[method]) },
        ]),
      ),
    );
  });
  afterAll(async () => {
    world.close();
    await assertAuditClean(app);
    await app.close();
  });

  const rows = (): [string, Row][] =>
    Object.entries(ACCESS).flatMap(([route, row]) => [row].flat().map((one): [string, Row] => [route, one]));

  /** Administrators may do everything that people do; the rest is for keys. */
  const whoMay = (route: string): Client =>
    [ACCESS[route]!].flat().some(({ owner }) => owner === 'shop') ? world.shop.client : world.admin.client;

  async function clientOf(column: Column, { owner }: Row): Promise<Client> {
    if (column === 'anonymous') return app.client();
    if (owner === 'self') return (await somebody(column)).client;
    return (column === 'owner' ? world[owner] : column === 'organizer' ? world.rival : world[column]).client;
  }

  /** With a password that is known: such rows may end the account that asks. */
  async function somebody(column: Column): Promise<Person> {
    const role = column === 'organizer' || column === 'admin' ? column : 'user';
    const [person] = (await app.people(1, role)) as [Person];
    await app.db.query('UPDATE app_user SET password_hash = $2 WHERE id = $1', [person.id, passwordHash]);
    return person;
  }

  async function send(
    route: string,
    client: Client,
    { params = {}, query = '', body, headers }: Call,
  ): Promise<Answer> {
    const [method, path] = route.split(' ') as [string, string];
    const url = path.replace(
      /\{(\w+)\}/g,
      (_, name: string) => params[name] ?? assert.fail(`${route}: no ${name}`),
    );
    return client.send(method, url + query, body ?? operations.get(route)!.example, headers);
  }

  const fingerprint = () => takeFingerprint(app.db);

  test('has a row for every route and a route for every row', () => {
    assert.deepEqual(Object.keys(ACCESS).sort(), [...operations.keys()].sort());
    // Routes outside the OpenAPI document: pages, and files for machines.
    const undocumented = app.nest.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
    assert.match(undocumented, /metrics \(GET/);
  });

  test('those who may not are refused, and nothing changes', async () => {
    const subjects: [string, Row, Call][] = [];
    const shared = world.sharing();
    for (const [route, row] of rows()) subjects.push([route, row, (await row.make?.(shared)) ?? {}]);
    let before = await quietFingerprint(app.db, QUIET_MS);
    const wrong: string[] = [];
    let refused = 0;
    for (const [route, row, call] of subjects)
      for (const [at, column] of ROLES.entries()) {
        if (!REFUSALS.includes(row.statuses[at]!) || new Set(row.statuses).size === 1) continue;
        refused++;
        const { status, body } = await send(route, await clientOf(column, row), call);
        if (status !== row.statuses[at])
          wrong.push(`${route} as ${column}: ${status} ${body?.code}, not ${row.statuses[at]}`);
        const now = await fingerprint();
        const changed = changedTables(before, now);
        if (changed.length > 0) wrong.push(`${route} as ${column} changed ${changed}`);
        before = now;
      }
    assert.deepEqual(wrong, []);
    assert.ok(refused > 200, `${refused} refusals`);
  });

  test('money, keys, members and what protects an account want a proof of the last 15 minutes', async () => {
    const marked = [...operations].filter(([, one]) => one['x-step-up']).map(([route]) => route);
    assert.deepEqual(marked.sort(), STEP_UP);
    const shared = world.sharing();
    const calls: [string, Client, Call][] = [];
    for (const [route, row] of rows())
      if (STEP_UP.includes(route)) {
        const column = ROLES.find((_, at) => row.statuses[at]! < 400 || row.statuses[at] === 409)!;
        calls.push([route, await clientOf(column, row), (await row.make?.(shared)) ?? {}]);
      }
    const age = (minutes: number) =>
      app.db.query(`UPDATE session SET proved_at = clock_timestamp() - $1 * interval '1 minute'`, [minutes]);
    await age(16);
    const before = await quietFingerprint(app.db, QUIET_MS);
    const wrong: string[] = [];
    for (const [route, client, call] of calls) {
      const { status, body } = await send(route, client, call);
      if (status !== 403 || body.code !== 'step_up_required') wrong.push(`${route}: ${status} ${body?.code}`);
    }
    assert.deepEqual(wrong, []);
    // The access log notes who tried; nothing else is written.
    const changed = changedTables(before, await fingerprint()).filter((table) => !table.startsWith('act'));
    assert.deepEqual(changed, []);
    await age(0);
  });

  test('no body takes what it does not name, at any depth', async () => {
    const before = await fingerprint();
    const wrong: string[] = [];
    let places = 0;
    for (const [route, { example }] of operations) {
      // The message of another party: what is not ours is ignored, and nothing in it is believed.
      if (example === undefined || route === 'POST /payments/webhooks/stripe') continue;
      const [method, path] = route.split(' ') as [string, string];
      const url = path.replaceAll(/\{\w+\}/g, newId());
      // A plan has the format of another project, which may have members of which we know nothing.
      const { plan: _, ...ours } = example;
      for (const body of withExtras(Array.isArray(example) ? example : ours)) {
        places++;
        const answer = await whoMay(route).send(method, url, body, { 'if-match': '"v1"' });
        if (answer.status !== 400 || answer.body.code !== 'unknown_field')
          wrong.push(`${route} ${JSON.stringify(body).slice(0, 150)}: ${answer.status} ${answer.body?.code}`);
      }
    }
    assert.deepEqual(wrong, []);
    assert.ok(places > 40, `${places} places`);
    assert.deepEqual(await fingerprint(), before);
  });

  const sendAsOneWhoMay = (route: string, params: (name: string) => string, query = '', body?: Json) => {
    const [method, path] = route.split(' ') as [string, string];
    const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params(name));
    return whoMay(route).send(method, url + query, body, { 'if-match': '"v1"' });
  };

  /** Example of the query that the route requires. */
  const neededQuery = (route: string) =>
    (operations.get(route)!.parameters ?? [])
      .filter((one: Json) => one.in === 'query' && one.required)
      .map(({ name }: Json) => `${name}=0&`)
      .join('');

  test('refuses a query that it does not read', async () => {
    const before = await fingerprint();
    const wrong: string[] = [];
    const refused = ({ status, body }: Answer, route: string) => {
      if (status !== 400 || body.code !== 'invalid_query') wrong.push(`${route}: ${status} ${body?.code}`);
    };
    for (const [route, { example }] of operations) {
      const query = `?${neededQuery(route)}nobody-knows=1`;
      refused(await sendAsOneWhoMay(route, () => newId(), query, example), route);
    }
    // Answers at hand are given without looking at much.
    for (const path of [`/events/${world.sale.eventId}/seats`, '/events', '/events/upcoming'])
      for (const known of [true, false])
        if (known) assert.equal((await app.client().get(path)).status, 200);
        else refused(await app.client().get(`${path}?nobody-knows=1`), path);
    assert.deepEqual(wrong, []);
    assert.deepEqual(await fingerprint(), before);
  });

  test('refuses what is too long or no text in a path', async () => {
    const wrong: string[] = [];
    let places = 0;
    for (const [route, { example }] of operations)
      for (const odd of ['a'.repeat(401), 'a'.repeat(7_000), '%00', '%ED%A0%80', '%zz', '%F0%9F%98'])
        for (const [, name] of route.matchAll(/\{(\w+)\}/g)) {
          places++;
          const params = (one: string) => (one === name ? odd : newId());
          const { status, body } = await sendAsOneWhoMay(route, params, `?${neededQuery(route)}`, example);
          // A path that cannot be decoded is no address of anything.
          if (!['invalid_parameter', 'bad_request'].includes(body?.code))
            wrong.push(`${route} ${odd.slice(0, 12)}: ${status} ${body?.code}`);
        }
    assert.deepEqual(wrong, []);
    assert.ok(places > 300, `${places} places`);
    for (const page of ['/events/', '/bookings/', '/embed/'])
      for (const odd of ['x', 'a'.repeat(401), '%00']) {
        const { status, headers, body } = await app.client().get(`/${page}${odd}`);
        assert.deepEqual([status, /^text\/html/.test(headers['content-type']!)], [404, true], page + odd);
        assert.match(body, /<script/, 'the page says so itself');
      }
  });

  test('takes no half of a character and no NUL, wherever it takes text', async () => {
    const before = await fingerprint();
    const wrong: string[] = [];
    let places = 0;
    for (const [route, { example, parameters = [] }] of operations) {
      if (route === 'POST /payments/webhooks/stripe') continue;
      const refused = ({ status, body }: Answer, where: string, wanted: number) => {
        places++;
        if (status !== wanted || !body.errors?.some(({ path }: Json) => path === where))
          wrong.push(`${route} ${where}: ${status} ${body?.code} ${JSON.stringify(body?.errors ?? null)}`);
      };
      for (const odd of ['half \ud83d here', 'x\ud800', '\udc00', 'a\u0000b']) {
        for (const [where, body] of withText(example, odd))
          refused(await sendAsOneWhoMay(route, () => newId(), '', body), where, 422);
        if (!odd.includes('\u0000')) continue;
        for (const { name } of parameters.filter((one: Json) => one.in === 'query'))
          refused(await sendAsOneWhoMay(route, () => newId(), `?${name}=a%00b`, example), name, 400);
      }
    }
    assert.deepEqual(wrong, []);
    assert.ok(places > 200, `${places} places`);
    assert.deepEqual(await fingerprint(), before);
  });

  test('those who may are answered, see nothing of others, and leave an entry where they use power', async () => {
    const wrong: string[] = [];
    const acts: { route: string; correlationId: string; status: number }[] = [];
    const { rows: buyers } = await app.db.query('SELECT id FROM booking WHERE user_id = $1', [
      world.buyer.id,
    ]);
    const secrets = [world.buyer.email, world.organizer.email, ...buyers.map(({ id }) => id)];
    const shared = world.sharing();
    for (const [route, row] of rows())
      for (const [at, column] of ROLES.entries()) {
        const wanted = row.statuses[at]!;
        if (REFUSALS.includes(wanted) && new Set(row.statuses).size > 1) continue;
        const call = (await row.make?.(route.startsWith('GET') ? shared : world)) ?? {};
        const answer = await send(route, await clientOf(column, row), call);
        if (answer.status !== wanted)
          wrong.push(
            `${route} as ${column}: ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 200)}, not ${wanted}`,
          );
        const stored = answer.headers['cache-control'] ?? 'by default';
        if (column !== 'anonymous' && !/no-store|no-cache|immutable|^public/.test(stored))
          wrong.push(`${route} as ${column} may be stored ${stored}`);
        const told = JSON.stringify(answer.body) ?? '';
        if (column !== 'owner' && column !== 'admin')
          for (const secret of secrets)
            if (told.includes(secret)) wrong.push(`${route} tells ${column} ${secret}`);
        const needsRole = /Needs the role/.test(operations.get(route)!.description ?? '');
        if (!route.startsWith('GET') && column !== 'anonymous' && (needsRole || column === 'admin'))
          acts.push({ route, correlationId: answer.headers['x-correlation-id']!, status: answer.status });
      }
    assert.deepEqual(wrong, []);
    assert.ok(acts.length > 60, `${acts.length} acts`);
    await sleep(50);
    const { rows: found } = await app.db.query(
      `SELECT a.action AS route, a.correlation_id AS "correlationId", o.status FROM act a JOIN act_outcome o ON o.act_id = a.id`,
    );
    const key = ({ route, correlationId, status }: Json) => `${correlationId} ${status} ${route}`;
    const entries = new Set(found.map(key));
    // Public routes read a token that is sent, but ask for none: nothing there is the use of power.
    assert.deepEqual(
      acts.filter((act) => !entries.has(key(act))).map(({ route }) => route),
      [],
    );
  });
});

const EXTRAS = [
  'id',
  'role',
  'userId',
  'organizerId',
  'status',
  'price',
  'total',
  'version',
  'isAdmin',
  'createdAt',
];

/** The body once for each object in it, which then has members that it should not have. */
function withExtras(body: Json): Json[] {
  if (typeof body !== 'object' || body === null) return [];
  if (Array.isArray(body))
    return body.flatMap((entry, at) => withExtras(entry).map((changed) => body.with(at, changed)));
  const here = EXTRAS.filter((name) => !(name in body)).map((name) => ({ ...body, [name]: 1 }));
  const below = Object.entries(body).flatMap(([name, value]) =>
    withExtras(value).map((changed) => ({ ...body, [name]: changed })),
  );
  return [...here, ...below];
}

/** The body once for each text in it, which is then another, with the path of that text. */
function withText(body: Json, text: string): [path: string, body: Json][] {
  if (typeof body === 'string') return [['', text]];
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([name, value]) =>
    withText(value, text).map(([path, changed]): [string, Json] => [
      path ? `${name}.${path}` : name,
      Array.isArray(body) ? body.with(Number(name), changed) : { ...body, [name]: changed },
    ]),
  );
}

function exampleOf(document: Json, { requestBody }: Json): Json {
  const schema = requestBody?.content['application/json']?.schema;
  if (!schema) return undefined;
  return schema.example ?? document.components.schemas[schema.$ref.split('/').at(-1)].example;
}
