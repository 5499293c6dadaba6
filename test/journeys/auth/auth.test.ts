import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { RequestMethod } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { PUBLIC } from '../../../src/platform/access/access.decorators.js';
import { newId } from '../../../src/platform/common/ids.js';
import { startApp, type TestApp } from '../../support/app.js';
import { until } from '../../support/until.js';

const JWT_SECRET = 'a secret of these tests, of no use elsewhere';
const PASSWORD = 'correct horse battery';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const hmac = (input: string, secret: string, digest = 'sha256') =>
  createHmac(digest, secret).update(input).digest('base64url');

/** A JWT made by hand, so that every part of it can be wrong. */
function forge(header: object, claims: object, secret = JWT_SECRET, digest = 'sha256'): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${hmac(input, secret, digest)}`;
}

describe('sessions and tokens', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ auth: { jwtSecret: JWT_SECRET }, limits: { on: false } });
  });
  afterAll(() => app.close());

  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const me = (token: string) => app.client().get('/auth/me', bearer(token));
  async function register(email = `${newId()}@example.org`) {
    const answer = await app
      .client()
      .post('/auth/register', { email, password: PASSWORD, name: 'Ada Byron' });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body;
  }
  const refresh = (refreshToken: string) => app.client().post('/auth/refresh', { refreshToken });

  test('register, login, me', async () => {
    const email = `Ada.${newId()}@Example.org`;
    const registered = await register(email);
    assert.equal(registered.expiresIn, 900);
    assert.equal(registered.user.email, email);
    assert.equal(registered.user.role, 'user');
    const answer = await app.client().post('/auth/login', { email: email.toLowerCase(), password: PASSWORD });
    assert.equal(answer.status, 200);
    const own = await me(answer.body.accessToken);
    assert.deepEqual(own.body, { ...registered.user });
    assert.equal(own.headers.etag, '"v1"');
    const stored = await app.db.query('SELECT password_hash FROM app_user WHERE id = $1', [
      registered.user.id,
    ]);
    assert.match(stored.rows[0].password_hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test('an address is taken whatever its case, also for two at once', async () => {
    const email = `${newId()}@example.org`;
    const body = (address: string) => ({ email: address, password: PASSWORD, name: 'Ada' });
    const answers = await Promise.all(
      [email, email.toUpperCase(), email].map((address) =>
        app.client().post('/auth/register', body(address)),
      ),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409]);
    assert.equal(answers.find(({ status }) => status === 409)?.body.code, 'email_taken');
  });

  test('an address in letters of any script is the account of its ASCII form', async () => {
    const id = newId();
    const unicode = `${id}@почта.рф`;
    const ascii = `${id}@xn--80a1acny.xn--p1ai`;
    const registered = await register(`  ${unicode}\n`);
    assert.equal(registered.user.email, ascii);
    for (const email of [unicode, ascii, ` ${ascii.toUpperCase()} `, `${id}@ПОЧТА\u3002рф`]) {
      const login = await app.client().post('/auth/login', { email, password: PASSWORD });
      assert.deepEqual([login.status, login.body.user?.id], [200, registered.user.id], email);
      const again = await app.client().post('/auth/register', { email, password: PASSWORD, name: 'Ada' });
      assert.equal(again.body.code, 'email_taken', email);
    }
    const { accessToken } = registered;
    const moved = await app
      .client(accessToken)
      .patch('/auth/me', { email: ` ${id}@MÜNCHEN.example`, password: PASSWORD }, { 'if-match': '"v1"' });
    assert.deepEqual([moved.status, moved.body.email], [200, `${id}@xn--mnchen-3ya.example`]);
    // The same address in its other spelling is no change.
    const same = await app
      .client(accessToken)
      .patch('/auth/me', { email: `${id}@münchen.example` }, { 'if-match': moved.headers.etag! });
    assert.deepEqual([same.status, same.body.email], [200, moved.body.email]);
  });

  test('a wrong password and an unknown address are refused alike', async () => {
    const { user } = await register();
    const wrong = await app.client().post('/auth/login', { email: user.email, password: 'not the password' });
    const unknown = await app
      .client()
      .post('/auth/login', { email: `${newId()}@example.org`, password: PASSWORD });
    for (const { status, body } of [wrong, unknown])
      assert.deepEqual([status, body.code, body.title], [401, 'invalid_credentials', wrong.body.title]);
    const time = async (email: string) => {
      const start = performance.now();
      await app.client().post('/auth/login', { email, password: 'not the password' });
      return performance.now() - start;
    };
    // The quickest of several in turn: what else the machine does makes answers slower, never quicker.
    let [known, nobody] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let i = 0; i < 10; i++) {
      known = Math.min(known, await time(user.email));
      nobody = Math.min(nobody, await time(`${newId()}@example.org`));
    }
    assert.ok(nobody > known / 2, `${nobody} ms for an unknown address, ${known} ms for a known one`);
  });

  test('passwords that guessers try first, and malformed input, change nothing', async () => {
    const email = `first.${newId()}@example.org`;
    const before = await app.db.query('SELECT count(*) FROM app_user');
    const attempt = async (body: unknown, status: number, code: string) => {
      const answer = await app.client().post('/auth/register', body);
      assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(body));
    };
    await attempt({ email, password: 'password123', name: 'Ada' }, 422, 'password_unacceptable');
    await attempt({ email, password: email, name: 'Ada' }, 422, 'password_unacceptable');
    await attempt({ email, password: 'short', name: 'Ada' }, 422, 'validation_failed');
    await attempt({ email, password: 'x'.repeat(129), name: 'Ada' }, 422, 'validation_failed');
    await attempt({ email: 'nobody', password: PASSWORD, name: 'Ada' }, 422, 'validation_failed');
    await attempt({ email, password: PASSWORD, name: 'A\u0000a' }, 422, 'validation_failed');
    await attempt({ email, password: 12345678, name: 'Ada' }, 400, 'wrong_type');
    await attempt({ email, password: PASSWORD }, 400, 'missing_field');
    await attempt({ email, password: PASSWORD, name: 'Ada', role: 'admin' }, 400, 'unknown_field');
    assert.deepEqual((await app.db.query('SELECT count(*) FROM app_user')).rows, before.rows);
  });

  test('a refresh token works once; its reuse ends the session for everybody', async () => {
    const first = await register();
    const second = await refresh(first.refreshToken);
    assert.equal(second.status, 200);
    assert.equal(second.body.user.id, first.user.id);
    assert.equal((await me(second.body.accessToken)).status, 200);
    const reused = await refresh(first.refreshToken);
    assert.deepEqual([reused.status, reused.body.code], [401, 'refresh_token_reused']);
    const dead = await refresh(second.body.refreshToken);
    assert.deepEqual([dead.status, dead.body.code], [401, 'refresh_token_invalid']);
    for (const token of [first.accessToken, second.body.accessToken])
      assert.equal((await me(token)).body.code, 'token_revoked');
    assert.equal((await refresh('never given out')).body.code, 'refresh_token_invalid');
  });

  test('of many refreshes at once exactly one wins, and the session lives on', async () => {
    for (let round = 0; round < 5; round++) {
      const { refreshToken } = await register();
      const gate = await blockRefreshTokens();
      const pending = Array.from({ length: 8 }, () => refresh(refreshToken));
      await gate.waiting(8);
      await gate.open();
      const answers = await Promise.all(pending);
      const won = answers.filter(({ status }) => status === 200);
      assert.equal(won.length, 1);
      for (const { body } of answers.filter((answer) => answer !== won[0]))
        assert.equal(body.code, 'refresh_token_used');
      assert.equal((await refresh(won[0]!.body.refreshToken)).status, 200);
    }
  });

  /** Holds every rotation back inside PostgreSQL, so that those sent meanwhile are certainly under way at once. */
  async function blockRefreshTokens() {
    const client = await app.db.connect();
    await client.query('BEGIN');
    await client.query('LOCK TABLE refresh_token IN SHARE MODE');
    return {
      async waiting(count: number) {
        for (;;) {
          const { rows } = await client.query(
            `SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND relation = 'refresh_token'::regclass`,
          );
          if (rows[0].n >= count) return;
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      },
      async open() {
        await client.query('COMMIT');
        client.release();
      },
    };
  }

  test('logout works at once, for this session only; logout-all for all', async () => {
    const one = await register();
    const login = () => app.client().post('/auth/login', { email: one.user.email, password: PASSWORD });
    const [two, three] = [(await login()).body, (await login()).body];
    assert.equal((await app.client().post('/auth/logout', undefined, bearer(one.accessToken))).status, 204);
    assert.equal((await me(one.accessToken)).body.code, 'token_revoked');
    assert.equal((await refresh(one.refreshToken)).body.code, 'refresh_token_invalid');
    assert.equal((await me(two.accessToken)).status, 200);
    assert.equal(
      (await app.client().post('/auth/logout-all', undefined, bearer(two.accessToken))).status,
      204,
    );
    for (const { accessToken, refreshToken } of [two, three]) {
      assert.equal((await me(accessToken)).body.code, 'token_revoked');
      assert.equal((await refresh(refreshToken)).body.code, 'refresh_token_invalid');
    }
    assert.equal((await me((await login()).body.accessToken)).status, 200);
  });

  test('a logout at one replica is known to the others within seconds, and to one that starts later', async () => {
    const { accessToken } = await register();
    const start = () => startApp({ auth: { jwtSecret: JWT_SECRET }, database: app.config.database });
    const seen = async (replica: TestApp) =>
      (await replica.client().get('/auth/me', bearer(accessToken))).body.code ?? 'ok';
    const other = await start();
    let late: TestApp | undefined;
    try {
      assert.equal(await seen(other), 'ok');
      await app.client().post('/auth/logout', undefined, bearer(accessToken));
      await until(async () => (await seen(other)) === 'token_revoked');
      late = await start();
      assert.equal(await seen(late), 'token_revoked');
    } finally {
      await other.close();
      await late?.close();
    }
  });

  test('forged and expired tokens', async () => {
    const { user, accessToken } = await register();
    const now = Math.floor(Date.now() / 1000);
    const genuine = JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString());
    const header = { alg: 'HS256', typ: 'JWT' };
    assert.equal((await me(forge(header, genuine))).status, 200, 'the forge itself works');
    const [head, body, signature] = accessToken.split('.') as [string, string, string];
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twin = last[last.indexOf(signature.at(-1)!) + 1]!;
    const bad: Record<string, string> = {
      'other secret': forge(header, genuine, 'another secret that is long enough'),
      'empty secret': forge(header, genuine, ''),
      'alg none': `${encode({ alg: 'none', typ: 'JWT' })}.${body}.`,
      'alg none with signature': forge({ alg: 'none', typ: 'JWT' }, genuine),
      'alg HS512': forge({ alg: 'HS512', typ: 'JWT' }, genuine, JWT_SECRET, 'sha512'),
      'other issuer': forge(header, { ...genuine, iss: 'elsewhere' }),
      'other audience': forge(header, { ...genuine, aud: 'elsewhere' }),
      'no expiry': forge(header, { ...genuine, exp: undefined }),
      'no session': forge(header, { ...genuine, sid: undefined }),
      'unknown role': forge(header, { ...genuine, role: 'root' }),
      'role raised': `${head}.${encode({ ...genuine, role: 'admin' })}.${signature}`,
      'unused bits set': `${head}.${body}.${signature.slice(0, -1)}${twin}`,
      padded: `${accessToken}=`,
      'no signature': `${head}.${body}.`,
      'not a token': 'abc',
    };
    for (const [what, token] of Object.entries(bad)) {
      const answer = await me(token);
      assert.deepEqual([answer.status, answer.body.code], [401, 'token_invalid'], what);
      const open = await app.client().post('/auth/forgot', { email: user.email }, bearer(token));
      assert.equal(open.status, 401, `${what} on a public route`);
    }
    const old = await me(forge(header, { ...genuine, iat: now - 1000, exp: now - 1 }));
    assert.deepEqual([old.status, old.body.code], [401, 'token_expired']);
    for (const authorization of ['Bearer', 'Basic YTpi', `JWT ${accessToken}`, accessToken])
      assert.equal((await app.client().get('/auth/me', { authorization })).body.code, 'unauthenticated');
    const none = await app.client().get('/auth/me');
    assert.deepEqual(
      [none.status, none.body.code, none.headers['www-authenticate']],
      [401, 'unauthenticated', 'Bearer'],
    );
  });

  test('roles: what they open, and that a change of role works at once', async () => {
    const [admin] = await app.people(1, 'admin');
    const person = await register();
    assert.equal((await app.client().get('/admin/users', bearer(person.accessToken))).body.code, 'forbidden');
    const raised = await admin!.client.patch(`/admin/users/${person.user.id}`, { role: 'admin' });
    assert.deepEqual([raised.status, raised.body.role], [200, 'admin']);
    assert.equal((await me(person.accessToken)).body.code, 'token_revoked');
    assert.equal((await refresh(person.refreshToken)).body.code, 'refresh_token_invalid');
    const again = await app.client().post('/auth/login', { email: person.user.email, password: PASSWORD });
    const found = await app
      .client()
      .get(`/admin/users?q=${encodeURIComponent(person.user.email)}`, bearer(again.body.accessToken));
    assert.deepEqual([found.body.total, found.body.data[0].id, found.body.next], [1, person.user.id, null]);
    const first = await admin!.client.get('/admin/users?limit=2');
    const second = await admin!.client.get(`/admin/users?limit=2&cursor=${first.body.next}`);
    const ids = [...first.body.data, ...second.body.data].map(({ id }: { id: string }) => id);
    assert.deepEqual(ids, [...new Set(ids)].sort().reverse());
    assert.equal((await admin!.client.patch(`/admin/users/${newId()}`, { role: 'user' })).status, 404);
  });

  test('there is always an administrator', async () => {
    await app.db.query(`UPDATE app_user SET role = 'user' WHERE role = 'admin'`);
    const admins = await app.people(2, 'admin');
    const answers = await Promise.all(
      admins.map(({ id, client }) => client.patch(`/admin/users/${id}`, { role: 'user' })),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
    const left = await app.db.query(`SELECT count(*)::int AS n FROM app_user WHERE role = 'admin'`);
    assert.equal(left.rows[0].n, 1);
  });

  test('every route that is not public needs a token, and only these public ones write', async () => {
    const routes = everyRoute();
    const writing = routes.filter(({ open, method }) => open && method !== 'GET').map(({ path }) => path);
    assert.deepEqual(
      writing.filter((path) => path.startsWith('auth/')).sort(),
      [
        'forgot',
        'login',
        'login/identity',
        'login/identity/finish',
        'login/passkey',
        'login/passkey/options',
        'login/second-factor',
        'refresh',
        'register',
        'reset',
        'verify',
      ].map((name) => `auth/${name}`),
    );
    const closed = routes.filter(({ open }) => !open);
    assert.ok(closed.length > 10);
    for (const { method, path } of closed) {
      const url = `${app.url}/api/v1/${path.replace(/:\w+/g, newId())}`;
      const { status } = await fetch(url, { method });
      assert.equal(status, 401, `${method} ${path}`);
    }
  });

  function everyRoute() {
    const routes: { method: string; path: string; open: boolean }[] = [];
    for (const module of app.nest.get(ModulesContainer).values()) {
      for (const { metatype } of module.controllers.values()) {
        if (!metatype) continue;
        const prefix = Reflect.getMetadata('path', metatype) as string;
        for (const name of Object.getOwnPropertyNames(metatype.prototype)) {
          if (name === 'constructor') continue;
          const handler = (metatype.prototype as Record<string, object>)[name]!;
          const path = Reflect.getMetadata('path', handler) as string | undefined;
          if (path === undefined) continue;
          routes.push({
            method: RequestMethod[Reflect.getMetadata('method', handler)]!,
            path: [prefix, path]
              .map((part) => part.replace(/^\/|\/$/g, ''))
              .filter(Boolean)
              .join('/'),
            open: Boolean(Reflect.getMetadata(PUBLIC, handler) ?? Reflect.getMetadata(PUBLIC, metatype)),
          });
        }
      }
    }
    return routes;
  }
});
