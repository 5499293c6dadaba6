import assert from 'node:assert/strict';
import { afterAll, afterEach, beforeAll, describe, test } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { newId } from '../../../src/platform/common/ids.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Client, Json } from '../../support/client.js';
import { CLIENT, IdProvider, type Known } from '../../support/id-provider.js';
import { Walker } from '../../support/id-walker.js';
import type { Person } from '../../support/people.js';
import { until } from '../../support/until.js';

const password = 'correct horse battery';
const TIMEOUT_MS = 1_500;

describe('logins at other providers', () => {
  let app: TestApp;
  let admin: Person;
  let owner: Person;
  /** Two providers of the installation, and one of an organisation, at the same issuer as the second. */
  let one: { at: IdProvider; id: string };
  let other: { at: IdProvider; id: string };
  let theirs: { at: IdProvider; id: string };

  const input = (name: string, at: IdProvider) => ({
    name,
    issuer: at.issuer,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
  });
  async function make(path: string, client: Client, name: string, at: IdProvider) {
    const { status, body } = await client.post(path, input(name, at));
    assert.equal(status, 201, JSON.stringify(body));
    return { at, id: body.id as string, redirectUri: body.redirectUri as string };
  }

  beforeAll(async () => {
    app = await startApp({ identities: { allowPrivate: true, timeoutMs: TIMEOUT_MS } });
    // The port is known only now.
    Object.assign(app.config.http, { publicUrl: app.url });
    [admin] = await app.people(1, 'admin');
    [owner] = await app.people(1, 'organizer');
    const [first, second] = [await IdProvider.start(), await IdProvider.start()];
    const made = await make('/admin/identity-providers', admin.client, 'First ID', first);
    const too = await make('/admin/identity-providers', admin.client, 'Second ID', second);
    const club = await make(`/organisations/${owner.id}/identity-providers`, owner.client, 'Club ID', second);
    first.allow(made.redirectUri);
    second.allow(too.redirectUri, club.redirectUri);
    [one, other, theirs] = [made, too, club];
  });
  afterEach(() => {
    for (const { at } of [one, other]) at.tamper = () => false;
  });
  afterAll(async () => {
    one?.at.close();
    other?.at.close();
    await app.close();
  });

  /** Somebody whom a provider knows. @returns their subject there */
  function known(at: IdProvider, more: Known = {}): string {
    const subject = newId();
    at.people.set(subject, {
      email: `${subject}@example.org`,
      email_verified: true,
      name: 'Ada Byron',
      ...more,
    });
    return subject;
  }
  const addressOf = (subject: string) => `${subject}@example.org`;
  async function register(email = `${newId()}@example.org`, verified = true) {
    const { status, body } = await app
      .client()
      .post('/auth/register', { email, password, name: 'Ada Byron' });
    assert.equal(status, 201);
    if (verified)
      await app.db.query('UPDATE app_user SET email_verified_at = now() WHERE id = $1', [body.user.id]);
    return { email, id: body.user.id as string, token: body.accessToken as string };
  }
  const rows = async (sql: string, ...values: unknown[]): Promise<Json[]> =>
    (await app.db.query(sql, values)).rows;
  const identitiesOf = (userId: string) =>
    rows('SELECT issuer, subject FROM identity WHERE user_id = $1 ORDER BY id', userId);

  /** Everything that a takeover would change. */
  const audit = async () => ({
    users: await rows('SELECT id, email, email_verified_at, password_hash FROM app_user ORDER BY id'),
    identities: await rows('SELECT id, user_id, issuer, subject FROM identity ORDER BY id'),
    sessions: await rows('SELECT id, user_id, methods, revoked_at FROM session ORDER BY id'),
  });
  async function changesNothing(attack: () => Promise<void>): Promise<void> {
    const before = await audit();
    await attack();
    assert.deepEqual(await audit(), before);
    const codes = await rows(`SELECT FROM one_time_token WHERE purpose = 'identity_code'`);
    assert.equal(codes.length, 0, 'no code that could be traded is left');
  }
  const isRefused = (said: Record<string, string>, error: string) => {
    assert.equal(said.code, undefined);
    assert.equal(said.error, error);
  };

  describe('the way there and back', () => {
    test('makes an account the first time, and finds it the second time', async () => {
      const subject = known(one.at);
      const first = await new Walker(app).logIn(one.id, subject);
      assert.equal(first.answer?.status, 200, JSON.stringify(first));
      const { user, accessToken } = first.answer!.body;
      assert.deepEqual(
        [user.email, user.name, user.emailVerified, user.role],
        [addressOf(subject), 'Ada Byron', true, 'user'],
      );
      assert.equal((await app.client(accessToken).get('/auth/me')).status, 200);
      // The provider remembers nobody in another browser, and the address there may change: the subject counts.
      one.at.people.set(subject, { email: 'other@example.org', email_verified: true, name: 'Other' });
      const again = await new Walker(app).logIn(one.id, subject);
      assert.equal(again.answer!.body.user.id, user.id);
      assert.equal(again.answer!.body.user.email, addressOf(subject));
      assert.deepEqual(await identitiesOf(user.id), [{ issuer: one.at.issuer, subject }]);
      const sessions = await rows('SELECT methods FROM session WHERE user_id = $1', user.id);
      assert.deepEqual(
        sessions.map(({ methods }) => methods),
        [['identity'], ['identity']],
      );
      const security = (await app.client(accessToken).get('/auth/me/security')).body;
      assert.equal(security.password, false);
    });

    test('sends PKCE with S256, state and nonce each time, and never the same', async () => {
      const seen = one.at.asked.length;
      for (const _ of [1, 2]) await new Walker(app).logIn(one.id, known(one.at));
      const asked = one.at.asked.slice(seen).filter((query) => query.has('state'));
      assert.ok(asked.length >= 2);
      for (const query of asked) {
        assert.equal(query.get('code_challenge_method'), 'S256');
        assert.equal(query.get('response_type'), 'code');
        for (const name of ['state', 'nonce', 'code_challenge'])
          assert.match(query.get(name)!, /^[\w-]{43}$/);
      }
      for (const name of ['state', 'nonce', 'code_challenge'])
        assert.equal(new Set(asked.map((query) => query.get(name))).size, asked.length, name);
    });

    test('asks for the second factor of the account, unless the provider has shown two', async () => {
      const subject = known(one.at);
      const { body } = (await new Walker(app).logIn(one.id, subject)).answer!;
      const me = app.client(body.accessToken);
      const { secret } = (await me.post('/auth/me/second-factor')).body;
      const codeAt = (ms: number) =>
        new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: ms });
      const on = await me.put('/auth/me/second-factor', { code: codeAt(Date.now() - 30_000) });
      assert.equal(on.status, 200);
      const { answer } = await new Walker(app).logIn(one.id, subject);
      assert.equal(answer!.body.code, 'second_factor_required');
      const { challenge } = answer!.body;
      const done = await app
        .client()
        .post('/auth/login/second-factor', { challenge, code: codeAt(Date.now()) });
      assert.equal(done.status, 200, JSON.stringify(done.body));
      one.at.people.set(subject, { ...one.at.people.get(subject), amr: ['pwd', 'mfa'] });
      const strong = await new Walker(app).logIn(one.id, subject);
      assert.equal(strong.answer!.status, 200, JSON.stringify(strong.answer!.body));
      const sessions = await rows('SELECT methods FROM session WHERE user_id = $1 ORDER BY id', body.user.id);
      assert.deepEqual(
        sessions.map(({ methods }) => methods),
        [['identity', 'totp'], ['identity', 'totp'], ['identity_mfa']],
      );
    });

    test('says that it was cancelled at the provider, and ends with that', async () => {
      await changesNothing(async () => {
        const browser = new Walker(app);
        const address = await browser.begin('/auth/login/identity', one.id);
        const back = await browser.logInAt(address, known(one.at), 'no');
        isRefused(await browser.comeBack(back), 'identity_login_cancelled');
        isRefused(await browser.comeBack(back), 'identity_login_invalid');
      });
    });

    test('of two who come back at once as the same new person both are in one account', async () => {
      const subject = known(one.at);
      const browsers = [1, 2, 3, 4].map(() => new Walker(app));
      const callbacks: URL[] = [];
      for (const browser of browsers)
        callbacks.push(await browser.logInAt(await browser.begin('/auth/login/identity', one.id), subject));
      const said = await Promise.all(browsers.map((browser, i) => browser.comeBack(callbacks[i]!)));
      const ids = new Set<string>();
      for (const [i, browser] of browsers.entries()) {
        const { status, body } = await browser.finish(said[i]!.code);
        assert.equal(status, 200, JSON.stringify([body, said[i]]));
        ids.add(body.user.id);
      }
      assert.equal(ids.size, 1);
      assert.equal((await identitiesOf([...ids][0]!)).length, 1);
    });
  });

  describe('nobody takes over an account', () => {
    test('by an address that the provider has not verified', async () => {
      for (const more of [
        { email_verified: false },
        { email: undefined },
        { email_verified: 'true' as never },
      ])
        await changesNothing(async () => {
          const { said } = await new Walker(app).logIn(one.id, known(one.at, more));
          isRefused(said, 'identity_email_unverified');
        });
    });

    test('that somebody has registered before with the address, verified or not, nor by another subject with it', async () => {
      for (const verified of [true, false]) {
        const ada = await register(undefined, verified);
        const subject = known(one.at, { email: ada.email.toUpperCase() });
        await changesNothing(async () => {
          const { said } = await new Walker(app).logIn(one.id, subject);
          isRefused(said, 'identity_email_taken');
        });
      }
      const mine = known(one.at);
      assert.equal((await new Walker(app).logIn(one.id, mine)).answer?.status, 200);
      await changesNothing(async () => {
        for (const provider of [one, other]) {
          const changed = known(provider.at, { email: addressOf(mine) });
          isRefused((await new Walker(app).logIn(provider.id, changed)).said, 'identity_email_taken');
        }
        // The same subject at another issuer is somebody else.
        other.at.people.set(mine, { email: addressOf(mine), email_verified: true });
        isRefused((await new Walker(app).logIn(other.id, mine)).said, 'identity_email_taken');
      });
    });

    test('who moved an account with a link to the address of somebody else before', async () => {
      const thief = known(one.at);
      const browser = new Walker(app);
      const { body } = (await browser.logIn(one.id, thief)).answer!;
      const victim = `${newId()}@example.org`;
      const moved = await app
        .client(body.accessToken)
        .patch('/auth/me', { email: victim }, { 'if-match': '"v1"' });
      assert.equal(moved.status, 200, JSON.stringify(moved.body));
      // The owner of the address asks for a password.
      assert.equal((await app.client().post('/auth/forgot', { email: victim })).status, 202);
      let link: string | undefined;
      await until(async () => {
        const answer = await fetch(`${app.url}/dev/mail.json?to=${encodeURIComponent(victim)}`);
        const mails = (await answer.json()) as { text: string }[];
        link = mails.map(({ text }) => /\/reset\?token=([\w-]+)/.exec(text)?.[1]).find(Boolean);
        return link !== undefined;
      });
      assert.equal(
        (await app.client().post('/auth/reset', { token: link, password: 'staple gun on the roof' })).status,
        204,
      );
      assert.deepEqual(await identitiesOf(body.user.id), []);
      await changesNothing(async () => {
        // Its address at the provider is free by now, so look for the account, not for a refusal.
        one.at.people.set(thief, { email: victim, email_verified: true });
        isRefused((await new Walker(app).logIn(one.id, thief)).said, 'identity_email_taken');
      });
    });

    test('by the answer of another provider (mix-up)', async () => {
      const subject = known(other.at);
      await changesNothing(async () => {
        const browser = new Walker(app);
        const mine = await browser.begin('/auth/login/identity', one.id);
        const foreign = await new Walker(app).begin('/auth/login/identity', other.id);
        const callback = await new Walker(app).logInAt(foreign, subject);
        // The code of the other provider at the address of the first one.
        const mixed = new URL(mine.searchParams.get('redirect_uri')!);
        mixed.search = callback.search;
        mixed.searchParams.set('state', mine.searchParams.get('state')!);
        const issued = one.at.issued.length;
        isRefused(await browser.comeBack(mixed), 'identity_login_invalid');
        assert.equal(one.at.issued.length, issued, 'the first provider never sees the code');
      });
      await changesNothing(async () => {
        const browser = new Walker(app);
        const mine = await browser.begin('/auth/login/identity', one.id);
        const foreign = await browser.begin('/auth/login/identity', other.id);
        const callback = await browser.logInAt(foreign, subject);
        callback.searchParams.set('state', mine.searchParams.get('state')!);
        isRefused(await browser.comeBack(callback), 'identity_login_invalid');
      });
    });

    test('by a provider that sends people on to an honest one, or calls itself like it', async () => {
      // Worst case: the honest one lets the client come back to the address of the dishonest one.
      const dishonest = await IdProvider.start();
      try {
        const made = await make('/admin/identity-providers', admin.client, 'Dishonest ID', dishonest);
        const honest = (await admin.client.get('/admin/identity-providers')).body.data.find(
          ({ id }: Json) => id === one.id,
        );
        one.at.allow(honest.redirectUri, made.redirectUri);
        let stolen = 0;
        const pretend = (issuer: string) => {
          dishonest.tamper = (path, _, response) => {
            if (path === '/token') stolen++;
            const metadata = {
              issuer,
              authorization_endpoint: `${one.at.issuer}/auth`,
              token_endpoint: `${dishonest.issuer}/token`,
              jwks_uri: `${dishonest.issuer}/jwks`,
              response_types_supported: ['code'],
            };
            response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(metadata));
            return true;
          };
        };
        pretend(dishonest.issuer);
        await changesNothing(async () => {
          const browser = new Walker(app);
          const address = await browser.begin('/auth/login/identity', made.id);
          assert.equal(address.origin, one.at.issuer);
          const callback = await browser.logInAt(address, known(one.at));
          isRefused(await browser.comeBack(callback), 'identity_login_invalid');
          assert.equal(stolen, 0, 'the code stays where it is');
        });
        pretend(one.at.issuer);
        const tried = await admin.client.post(`/admin/identity-providers/${made.id}/try`);
        assert.equal(tried.body.code, 'identity_provider_unavailable');
        assert.equal((await admin.client.delete(`/admin/identity-providers/${made.id}`)).status, 204);
      } finally {
        dishonest.close();
      }
    });

    test('by a callback that is opened twice, also at once', async () => {
      const subject = known(one.at);
      const browser = new Walker(app);
      const callback = await browser.logInAt(await browser.begin('/auth/login/identity', one.id), subject);
      const both = await Promise.all(Array.from({ length: 8 }, () => browser.comeBack(callback)));
      assert.equal(both.filter(({ code }) => code).length, 1, JSON.stringify(both));
      for (const said of both.filter(({ code }) => !code)) isRefused(said, 'identity_login_invalid');
      const { code } = both.find((said) => said.code)!;
      const finished = await Promise.all(Array.from({ length: 8 }, () => browser.finish(code)));
      assert.equal(finished.filter(({ status }) => status === 200).length, 1);
      for (const { status, body } of finished.filter((answer) => answer.status !== 200))
        assert.deepEqual([status, body.code], [422, 'identity_login_invalid']);
      await changesNothing(async () => {
        isRefused(await browser.comeBack(callback), 'identity_login_invalid');
        assert.equal((await browser.finish(code)).body.code, 'identity_login_invalid');
      });
    });

    test('in another browser, without the cookie, or with the code of another login', async () => {
      const victim = known(one.at);
      assert.equal((await new Walker(app).logIn(one.id, victim)).answer?.status, 200);
      await changesNothing(async () => {
        const browser = new Walker(app);
        const callback = await browser.logInAt(await browser.begin('/auth/login/identity', one.id), victim);
        const elsewhere = new Walker(app);
        await elsewhere.begin('/auth/login/identity', one.id);
        isRefused(await elsewhere.comeBack(callback), 'identity_login_invalid');
        isRefused(await browser.comeBack(callback), 'identity_login_invalid');
      });
      await changesNothing(async () => {
        const browser = new Walker(app);
        const callback = await browser.logInAt(await browser.begin('/auth/login/identity', one.id), victim);
        browser.forget();
        isRefused(await browser.comeBack(callback), 'identity_login_invalid');
      });
      await changesNothing(async () => {
        // The thief has the code of the victim, and a login of their own under way: PKCE and nonce do not fit.
        const stolen = await (async () => {
          const browser = new Walker(app);
          return browser.logInAt(await browser.begin('/auth/login/identity', one.id), victim);
        })();
        const thief = new Walker(app);
        const own = await thief.logInAt(await thief.begin('/auth/login/identity', one.id), known(one.at));
        own.searchParams.set('code', stolen.searchParams.get('code')!);
        isRefused(await thief.comeBack(own), 'identity_login_invalid');
      });
      const browser = new Walker(app);
      const callback = await browser.logInAt(await browser.begin('/auth/login/identity', one.id), victim);
      const { code } = await browser.comeBack(callback);
      await changesNothing(async () => {
        assert.equal((await new Walker(app).finish(code)).body.code, 'identity_login_invalid');
        assert.equal(
          (await browser.finish(code)).body.code,
          'identity_login_invalid',
          'used up by the attempt',
        );
      });
    });

    test('with a wrong nonce, or a token of an earlier login', async () => {
      const victim = known(one.at);
      await new Walker(app).logIn(one.id, victim);
      await changesNothing(async () => {
        const browser = new Walker(app);
        const address = await browser.begin('/auth/login/identity', one.id);
        address.searchParams.set('nonce', 'another-one');
        isRefused(await browser.comeBack(await browser.logInAt(address, victim)), 'identity_login_invalid');
      });
      await changesNothing(async () => {
        const earlier = one.at.issued.at(-1)!;
        assert.match(earlier, /id_token/);
        const browser = new Walker(app);
        const callback = await browser.logInAt(await browser.begin('/auth/login/identity', one.id), victim);
        one.at.tamper = (path, _, response) => {
          if (path !== '/token') return false;
          response.writeHead(200, { 'content-type': 'application/json' }).end(earlier);
          return true;
        };
        isRefused(await browser.comeBack(callback), 'identity_login_invalid');
      });
      await changesNothing(async () => {
        // Signed by nobody whom the provider names.
        const { id_token: token, ...rest } = JSON.parse(one.at.issued.at(-1)!);
        const [head, , signature] = token.split('.');
        const browser = new Walker(app);
        const address = await browser.begin('/auth/login/identity', one.id);
        const now = Math.floor(Date.now() / 1000);
        const claims = {
          sub: victim,
          nonce: address.searchParams.get('nonce'),
          iss: one.at.issuer,
          aud: CLIENT.id,
          iat: now,
          exp: now + 600,
        };
        const forged = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
        const callback = await browser.logInAt(address, victim);
        one.at.tamper = (path, _, response) => {
          if (path !== '/token') return false;
          const body = JSON.stringify({ ...rest, id_token: forged });
          response.writeHead(200, { 'content-type': 'application/json' }).end(body);
          return true;
        };
        const said = await browser.comeBack(callback);
        assert.equal(said.code, undefined);
        assert.ok(said.error);
      });
    });

    test('whose organisation looks after the provider', async () => {
      const subject = known(theirs.at);
      const { answer } = await new Walker(app).logIn(theirs.id, subject);
      assert.equal(answer?.status, 200, JSON.stringify(answer?.body));
      assert.equal(answer!.body.user.emailVerified, false, 'its word about addresses is not enough');
      const memberships = await rows('SELECT FROM member WHERE user_id = $1', answer!.body.user.id);
      assert.equal(memberships.length, 0);
      // The issuer is that of the second provider, so it is the same person there.
      const same = await new Walker(app).logIn(other.id, subject);
      assert.equal(same.answer!.body.user.id, answer!.body.user.id);
      await app.db.query(`UPDATE app_user SET role = 'admin' WHERE id = $1`, [answer!.body.user.id]);
      await changesNothing(async () => {
        isRefused((await new Walker(app).logIn(theirs.id, subject)).said, 'identity_not_for_admins');
      });
      await app.db.query(`UPDATE app_user SET role = 'user' WHERE id = $1`, [answer!.body.user.id]);
    });

    test('that is locked, or with a provider that is switched off', async () => {
      const subject = known(one.at);
      const { user } = (await new Walker(app).logIn(one.id, subject)).answer!.body;
      await admin.client.post(`/admin/users/${user.id}/lock`, { reason: 'A test' });
      const { answer } = await new Walker(app).logIn(one.id, subject);
      assert.equal(answer!.body.code, 'account_locked');
      const path = `/admin/identity-providers/${one.id}`;
      const browser = new Walker(app);
      const begun = await browser.begin('/auth/login/identity', one.id);
      const { version } = (await admin.client.get('/admin/identity-providers')).body.data.find(
        ({ id }: Json) => id === one.id,
      );
      const off = await admin.client.patch(path, { enabled: false }, { 'if-match': `"v${version}"` });
      assert.equal(off.status, 200, JSON.stringify(off.body));
      await changesNothing(async () => {
        isRefused(await browser.comeBack(await browser.logInAt(begun, subject)), 'not_found');
        const refused = await app.client().post('/auth/login/identity', { provider: one.id });
        assert.equal(refused.status, 404);
      });
      const { data } = (await app.client().get('/auth/identity-providers')).body;
      assert.deepEqual(
        data.map(({ name }: Json) => name),
        ['Second ID'],
      );
      await admin.client.patch(path, { enabled: true }, { 'if-match': `"v${version + 1}"` });
    });
  });

  describe('links', () => {
    const LONG =
      "UPDATE session SET proved_at = clock_timestamp() - interval '16 minutes' WHERE user_id = $1";

    async function link(token: string, provider: string, subject: string) {
      const browser = new Walker(app, token);
      const address = await browser.begin('/auth/me/identities', provider);
      return browser.comeBack(await browser.logInAt(address, subject));
    }

    test('are made after a login, to a verified address, and told by mail; then one logs in with them', async () => {
      const ada = await register();
      const subject = known(one.at, { email: 'quite@example.org', email_verified: false });
      assert.deepEqual(await link(ada.token, one.id, subject), { why: 'link' });
      assert.deepEqual(await identitiesOf(ada.id), [{ issuer: one.at.issuer, subject }]);
      assert.deepEqual(await link(ada.token, one.id, subject), { why: 'link' }, 'once more changes nothing');
      const { answer } = await new Walker(app).logIn(one.id, subject);
      assert.equal(answer!.body.user.id, ada.id);
      const me = app.client(ada.token);
      const { data } = (await me.get('/auth/me/identities')).body;
      assert.deepEqual(
        data.map(({ name, provider }: Json) => [name, provider]),
        [['First ID', one.id]],
      );
      assert.ok(data[0].lastUsedAt);
      await until(async () => {
        const answer = await fetch(`${app.url}/dev/mail.json?to=${encodeURIComponent(ada.email)}`);
        const mails = (await answer.json()) as { text: string }[];
        return mails.some(({ text }) => text.includes('First ID'));
      });
      assert.equal((await me.delete(`/auth/me/identities/${data[0].id}`)).status, 204);
      assert.deepEqual(await identitiesOf(ada.id), []);
      isRefused((await new Walker(app).logIn(one.id, subject)).said, 'identity_email_unverified');
    });

    test('are not made to an unverified address, without a proof, to two accounts, or for a session that has ended', async () => {
      const begin = { provider: one.id };
      const unverified = await register(undefined, false);
      const refused = await app.client(unverified.token).post('/auth/me/identities', begin);
      assert.deepEqual([refused.status, refused.body.code], [403, 'email_not_verified']);
      const ada = await register();
      await app.db.query(LONG, [ada.id]);
      const late = await app.client(ada.token).post('/auth/me/identities', begin);
      assert.equal(late.body.code, 'step_up_required');
      await app.db.query('UPDATE session SET proved_at = clock_timestamp() WHERE user_id = $1', [ada.id]);
      const subject = known(one.at);
      assert.equal((await new Walker(app).logIn(one.id, subject)).answer?.status, 200);
      await changesNothing(async () => {
        assert.deepEqual(await link(ada.token, one.id, subject), {
          why: 'link',
          error: 'identity_linked_elsewhere',
        });
      });
      const browser = new Walker(app, ada.token);
      const address = await browser.begin('/auth/me/identities', one.id);
      const callback = await browser.logInAt(address, known(one.at));
      await app.client(ada.token).post('/auth/logout');
      await changesNothing(async () => isRefused(await browser.comeBack(callback), 'token_revoked'));
    });

    test('of many that two accounts make to one login at once one is made', async () => {
      const subject = known(one.at);
      const accounts = [await register(), await register(), await register(), await register()];
      const ways = [];
      for (const { token } of accounts) {
        const browser = new Walker(app, token);
        const address = await browser.begin('/auth/me/identities', one.id);
        ways.push({ browser, callback: await browser.logInAt(address, subject) });
      }
      const said = await Promise.all(ways.map(({ browser, callback }) => browser.comeBack(callback)));
      assert.equal(said.filter(({ error }) => !error).length, 1, JSON.stringify(said));
      for (const { error } of said.filter((one) => one.error))
        assert.equal(error, 'identity_linked_elsewhere');
      assert.equal((await rows('SELECT FROM identity WHERE subject = $1', subject)).length, 1);
    });

    test('the last way to log in stays, also of two that are unlinked at once', async () => {
      const [mine, too] = [known(one.at), known(other.at)];
      const { body } = (await new Walker(app).logIn(one.id, mine)).answer!;
      const me = app.client(body.accessToken);
      const only = (await me.get('/auth/me/identities')).body.data[0].id;
      assert.equal((await me.delete(`/auth/me/identities/${only}`)).body.code, 'last_way_in');
      assert.deepEqual(await link(body.accessToken, other.id, too), { why: 'link' });
      const { data } = (await me.get('/auth/me/identities')).body;
      const ended = await Promise.all(data.map(({ id }: Json) => me.delete(`/auth/me/identities/${id}`)));
      assert.deepEqual(ended.map(({ status }) => status).sort(), [204, 409]);
      assert.equal((await identitiesOf(body.user.id)).length, 1);
      const foreign = await register();
      const left = (await me.get('/auth/me/identities')).body.data[0].id;
      assert.equal((await app.client(foreign.token).delete(`/auth/me/identities/${left}`)).status, 404);
    });

    test('prove again who somebody is, if they log in at the provider anew', async () => {
      const subject = known(one.at);
      const browser = new Walker(app);
      const { body } = (await browser.logIn(one.id, subject)).answer!;
      const me = app.client(body.accessToken);
      const prove = async (login: string) => {
        const again = new Walker(app, body.accessToken);
        const address = await again.begin('/auth/step-up/identity', one.id);
        assert.deepEqual(
          [address.searchParams.get('prompt'), address.searchParams.get('max_age')],
          ['login', '0'],
        );
        return again.comeBack(await again.logInAt(address, login));
      };
      const linkCode = async () => (await me.post('/auth/me/identities', { provider: other.id })).body.code;
      await app.db.query(LONG, [body.user.id]);
      assert.equal(await linkCode(), 'step_up_required');
      assert.equal((await me.delete('/auth/me', {})).body.code, 'step_up_required');
      const edit = { email: `${newId()}@example.org` };
      assert.equal((await me.patch('/auth/me', edit, { 'if-match': '"v1"' })).body.code, 'step_up_required');
      isRefused(await prove(known(one.at)), 'identity_not_linked');
      assert.equal(await linkCode(), 'step_up_required');
      assert.deepEqual(await prove(subject), { why: 'step_up' });
      assert.equal(await linkCode(), undefined);
      // A provider that only remembers: prompt and max_age do not reach it.
      await app.db.query(LONG, [body.user.id]);
      const again = new Walker(app, body.accessToken);
      const address = await again.begin('/auth/step-up/identity', one.id);
      address.searchParams.delete('prompt');
      address.searchParams.delete('max_age');
      one.at.remembers(subject, -3600);
      isRefused(await again.comeBack(await again.logInAt(address, subject)), 'identity_not_renewed');
      assert.equal(await linkCode(), 'step_up_required');
    });

    test('go with the account, which is exported with them and deleted without a password', async () => {
      const subject = known(one.at);
      const { body } = (await new Walker(app).logIn(one.id, subject)).answer!;
      const me = app.client(body.accessToken);
      const { records } = (await me.get('/auth/me/export')).body;
      assert.deepEqual(
        records.identity.map((row: Json) => [row.issuer, row.subject]),
        [[one.at.issuer, subject]],
      );
      assert.equal((await me.delete('/auth/me', {})).status, 204);
      assert.equal((await rows('SELECT FROM identity WHERE subject = $1', subject)).length, 0);
      const { answer } = await new Walker(app).logIn(one.id, subject);
      assert.equal(answer?.status, 200);
      assert.notEqual(answer!.body.user.id, body.user.id, 'a new account');
      const withPassword = await register();
      const refused = await app.client(withPassword.token).delete('/auth/me', {});
      assert.deepEqual([refused.status, refused.body.code], [400, 'missing_field']);
    });
  });

  describe('a provider', () => {
    const tryOut = async (id = one.id) =>
      (await admin.client.post(`/admin/identity-providers/${id}/try`)).body;

    test('that is down, slow or talks nonsense is told as that, and nothing is half done', async () => {
      assert.deepEqual(await tryOut(), {
        issuer: one.at.issuer,
        authorizationEndpoint: `${one.at.issuer}/auth`,
        tokenEndpoint: `${one.at.issuer}/token`,
        namesItself: true,
        pkce: true,
      });
      const subject = known(one.at);
      const send =
        (type: string, body: string, status = 200) =>
        (path: string, _: unknown, response: Json) => {
          if (!['/token', '/.well-known/openid-configuration'].includes(path)) return false;
          response.writeHead(status, { 'content-type': type }).end(body);
          return true;
        };
      const faults: [string, typeof one.at.tamper][] = [
        ['is down', (_, request) => Boolean(request.socket.destroy())],
        ['never answers', (path) => path === '/token' || path.startsWith('/.well-known')],
        ['sends a page', send('text/html', '<h1>Under construction</h1>')],
        ['sends no object', send('application/json', '[]')],
        ['sends half', send('application/json', '{"issuer":')],
        ['fails', send('application/json', '{"error":"server_error"}', 500)],
        ['sends too much', send('application/json', `"${'x'.repeat(300_000)}"`)],
        ['sends elsewhere', send('text/plain', '', 302)],
      ];
      for (const [name, tamper] of faults) {
        const browser = new Walker(app);
        one.at.tamper = () => false;
        const callback = await browser.logInAt(await browser.begin('/auth/login/identity', one.id), subject);
        await changesNothing(async () => {
          one.at.tamper = tamper;
          const began = Date.now();
          isRefused(await browser.comeBack(callback), 'identity_provider_unavailable');
          assert.ok(Date.now() - began < 10 * TIMEOUT_MS, `${name}: ends in time`);
          const looked = await tryOut();
          assert.equal(looked.code, 'identity_provider_unavailable', name);
          assert.ok(looked.detail.length > 5, name);
          const begun = await app.client().post('/auth/login/identity', { provider: one.id });
          assert.deepEqual([begun.status, begun.body.code], [503, 'identity_provider_unavailable'], name);
          one.at.tamper = () => false;
          isRefused(await browser.comeBack(callback), 'identity_login_invalid');
        });
      }
      assert.equal((await new Walker(app).logIn(one.id, subject)).answer?.status, 200);
    });

    test('that knows the shop by another secret is told to the operator as unavailable', async () => {
      const path = `/admin/identity-providers/${one.id}`;
      const read = async () =>
        (await admin.client.get('/admin/identity-providers')).body.data.find(({ id }: Json) => id === one.id);
      const set = async (clientSecret: string) => {
        const changed = await admin.client.patch(
          path,
          { clientSecret },
          { 'if-match': `"v${(await read()).version}"` },
        );
        assert.equal(changed.status, 200);
        assert.equal(JSON.stringify(changed.body).includes(clientSecret), false, 'no answer holds it');
      };
      await set('another-secret');
      await changesNothing(async () => {
        isRefused((await new Walker(app).logIn(one.id, known(one.at))).said, 'identity_provider_unavailable');
      });
      await set(CLIENT.secret);
      assert.equal((await new Walker(app).logIn(one.id, known(one.at))).answer?.status, 200);
    });

    test('is made once for each issuer, changed by the version that was read, and of one organisation for its members', async () => {
      const again = await admin.client.post('/admin/identity-providers', input('Again', one.at));
      assert.deepEqual([again.status, again.body.code], [409, 'identity_provider_exists']);
      const at = { ...input('New', one.at), issuer: 'https://id.example.org/new' };
      const made = await Promise.all(
        Array.from({ length: 4 }, () => admin.client.post('/admin/identity-providers', at)),
      );
      assert.deepEqual(made.map(({ status }) => status).sort(), [201, 409, 409, 409]);
      const { id } = made.find(({ status }) => status === 201)!.body;
      const path = `/admin/identity-providers/${id}`;
      const edits = await Promise.all(
        ['A', 'B', 'C'].map((name) => admin.client.patch(path, { name }, { 'if-match': '"v1"' })),
      );
      assert.deepEqual(edits.map(({ status }) => status).sort(), [200, 412, 412]);
      assert.equal((await admin.client.patch(path, { name: 'A' })).status, 428);
      // A provider of an organisation is not found among those of the installation, nor the other way round.
      const mine = `/organisations/${owner.id}/identity-providers`;
      assert.equal((await owner.client.delete(`${mine}/${id}`)).status, 404);
      assert.equal((await admin.client.delete(`/admin/identity-providers/${theirs.id}`)).status, 404);
      const [stranger] = await app.people(1, 'organizer');
      assert.equal((await stranger.client.get(mine)).status, 404);
      assert.equal((await admin.client.delete(path)).status, 204);
      const shown = (await app.client().get(`/auth/identity-providers?organisation=${owner.id}`)).body;
      assert.deepEqual(
        shown.data.map(({ name }: Json) => name),
        ['Club ID'],
      );
      assert.equal((await app.client().get(`/auth/identity-providers?organisation=${newId()}`)).status, 404);
    });

    test('has an issuer without a query, over TLS unless it is allowed otherwise', async () => {
      for (const [issuer, code] of [
        ['nothing', 'issuer_refused'],
        ['ftp://id.example.org', 'issuer_refused'],
        ['https://id.example.org?tenant=1', 'validation_failed'],
        ['https://id.example.org/.well-known/other', 'validation_failed'],
        ['https://ada:secret@id.example.org', 'issuer_refused'],
      ]) {
        const answer = await admin.client.post('/admin/identity-providers', {
          ...input('New', one.at),
          issuer,
        });
        assert.deepEqual([answer.status, answer.body.code], [422, code], issuer);
      }
      const copied = {
        ...input('Copied', one.at),
        issuer: 'https://id.example.org/.well-known/openid-configuration',
      };
      const made = await admin.client.post('/admin/identity-providers', copied);
      assert.equal(made.body.issuer, 'https://id.example.org');
      Object.assign(app.config.identities, { allowPrivate: false });
      try {
        for (const issuer of [
          'http://id.example.org',
          'https://127.0.0.1',
          'https://localhost',
          'https://[::1]/',
        ])
          assert.equal(
            (await admin.client.post('/admin/identity-providers', { ...copied, issuer })).body.code,
            'issuer_refused',
            issuer,
          );
        assert.match((await tryOut()).detail, /must start with https/);
      } finally {
        Object.assign(app.config.identities, { allowPrivate: true });
      }
    });
  });
});
