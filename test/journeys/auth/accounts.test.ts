import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { AccountsJobs } from '../../../src/auth/accounts/accounts.jobs.js';
import { HashThreads } from '../../../src/auth/tokens/hash-threads.js';
import { passwordProblem } from '../../../src/auth/tokens/password.rules.js';
import { HASH_THREADS, PasswordService } from '../../../src/auth/tokens/password.service.js';
import { DomainError } from '../../../src/platform/common/domain-error.js';
import { newId } from '../../../src/platform/common/ids.js';
import { networkOf } from '../../../src/platform/common/network.rules.js';
import { startApp, type TestApp } from '../../support/app.js';
import { runCli } from '../../support/cli.js';
import { openSale, plainHall } from '../../support/halls.js';

const PASSWORD = 'correct horse battery';
const NEW_PASSWORD = 'staple gun on the roof';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface StoredMail {
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** Actions of a person who registers and reads mail. */
function people(app: TestApp) {
  const api = app.client();
  return {
    api,
    async register(name = 'Ada Byron') {
      const email = `${newId()}@example.org`;
      const { status, body } = await api.post('/auth/register', { email, password: PASSWORD, name });
      assert.equal(status, 201, JSON.stringify(body));
      return body;
    },
    login: (email: string, password = PASSWORD) => api.post('/auth/login', { email, password }),
    async mails(to: string): Promise<StoredMail[]> {
      const answer = await fetch(`${app.url}/dev/mail.json?to=${encodeURIComponent(to)}`);
      return (await answer.json()) as StoredMail[];
    },
    /** Waits for the mail, which is sent behind the answer. */
    async mail(to: string, subject: RegExp): Promise<StoredMail> {
      for (let tries = 0; tries < 100; tries++) {
        const found = (await this.mails(to)).find((mail) => subject.test(mail.subject));
        if (found) return found;
        await pause(20);
      }
      throw new Error(`No mail to ${to} with subject ${subject}`);
    },
    async link(to: string, subject: RegExp): Promise<string> {
      return /\?token=(\S+)/.exec((await this.mail(to, subject)).text)![1]!;
    },
  };
}

describe('accounts', () => {
  let app: TestApp;
  let p: ReturnType<typeof people>;
  beforeAll(async () => {
    app = await startApp({ limits: { on: false } });
    p = people(app);
  });
  afterAll(() => app.close());

  test('an address is verified by the link of the mail, once', async () => {
    const { user, accessToken } = await p.register();
    assert.equal(user.emailVerified, false);
    const token = await p.link(user.email, /Confirm/);
    assert.equal(
      (await p.api.post('/auth/verify', { token: `${token.slice(1)}x` })).body.code,
      'link_invalid',
    );
    assert.equal(
      (await p.api.post('/auth/reset', { token, password: NEW_PASSWORD })).body.code,
      'link_invalid',
    );
    assert.equal((await p.api.post('/auth/verify', { token })).status, 204);
    assert.equal((await p.api.get('/auth/me', bearer(accessToken))).body.emailVerified, true);
    assert.equal((await p.api.post('/auth/verify', { token })).body.code, 'link_invalid');
    assert.equal((await p.api.post('/auth/verify/resend', undefined, bearer(accessToken))).status, 202);
    await pause(100);
    assert.equal((await p.mails(user.email)).length, 1, 'nothing to verify any more');
  });

  test('a forgotten password: the link sets a new one once and ends all sessions', async () => {
    const { user, accessToken } = await p.register();
    assert.equal((await p.api.post('/auth/forgot', { email: user.email.toUpperCase() })).status, 202);
    const token = await p.link(user.email, /new password/);
    const weak = await p.api.post('/auth/reset', { token, password: 'password123' });
    assert.equal(weak.body.code, 'password_unacceptable');
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => p.api.post('/auth/reset', { token, password: NEW_PASSWORD })),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 422, 422, 422]);
    assert.equal((await p.api.get('/auth/me', bearer(accessToken))).body.code, 'token_revoked');
    assert.equal((await p.login(user.email)).body.code, 'invalid_credentials');
    const again = await p.login(user.email, NEW_PASSWORD);
    assert.deepEqual([again.status, again.body.user.emailVerified], [200, true]);
    await p.mail(user.email, /was changed/);
    const unknown = await p.api.post('/auth/forgot', { email: `${newId()}@example.org` });
    assert.deepEqual(
      [unknown.status, unknown.body],
      [202, (await p.api.post('/auth/forgot', { email: user.email })).body],
    );
  });

  test('links end: by their deadline, by a change of address, by a change of password', async () => {
    const { user, accessToken } = await p.register();
    const own = bearer(accessToken);
    const ask = async () => {
      const known = (await p.mails(user.email)).length;
      await p.api.post('/auth/forgot', { email: user.email });
      while ((await p.mails(user.email)).length === known) await pause(10);
      return p.link(user.email, /new password/);
    };
    const late = await ask();
    await app.db.query(`UPDATE one_time_token SET expires_at = clock_timestamp() WHERE purpose = 'reset'`);
    assert.equal(
      (await p.api.post('/auth/reset', { token: late, password: NEW_PASSWORD })).body.code,
      'link_invalid',
    );
    const beforeChange = await ask();
    const changed = await p.api.post('/auth/me/password', { current: PASSWORD, password: NEW_PASSWORD }, own);
    assert.equal(changed.status, 204);
    assert.equal(
      (await p.api.post('/auth/reset', { token: beforeChange, password: PASSWORD })).body.code,
      'link_invalid',
    );
    const beforeMove = await ask();
    const { body } = await p.api.get('/auth/me', own);
    const moved = await p.api.patch(
      '/auth/me',
      { email: `moved-${user.email}`, password: NEW_PASSWORD },
      { ...own, 'if-match': `"v${body.version}"` },
    );
    assert.equal(moved.status, 200);
    assert.equal(
      (await p.api.post('/auth/reset', { token: beforeMove, password: PASSWORD })).body.code,
      'link_invalid',
    );
  });

  test('name and address are edited against the version read; a new address needs password and proof', async () => {
    const { user, accessToken } = await p.register();
    const other = await p.register();
    await p.api.post('/auth/verify', { token: await p.link(user.email, /Confirm/) });
    const own = bearer(accessToken);
    const edit = (body: unknown, headers = {}) => p.api.patch('/auth/me', body, { ...own, ...headers });
    assert.equal((await edit({ name: 'Ada' })).status, 428);
    assert.equal((await edit({ name: 'Ada' }, { 'if-match': '"v1"' })).status, 412);
    const named = await edit({ name: ' Ada Lovelace ' }, { 'if-match': '"v2"' });
    assert.deepEqual([named.status, named.body.name, named.headers.etag], [200, 'Ada Lovelace', '"v3"']);
    const email = `new-${user.email}`;
    const now = { 'if-match': '"v3"' };
    assert.equal((await edit({ email }, now)).body.code, 'missing_field');
    assert.equal((await edit({ email, password: 'wrong' }, now)).body.code, 'wrong_password');
    assert.equal((await edit({ email: other.user.email, password: PASSWORD }, now)).body.code, 'email_taken');
    const moved = await edit({ email, password: PASSWORD }, now);
    assert.deepEqual([moved.status, moved.body.email, moved.body.emailVerified], [200, email, false]);
    await p.mail(user.email, /email address was changed/);
    assert.equal((await p.api.post('/auth/verify', { token: await p.link(email, /Confirm/) })).status, 204);
    assert.equal((await p.login(email)).status, 200);
    assert.equal((await p.login(user.email)).status, 401);
  });

  test('a changed password ends the other sessions and keeps this one', async () => {
    const { user, accessToken } = await p.register();
    const other = (await p.login(user.email)).body;
    const change = (body: unknown) => p.api.post('/auth/me/password', body, bearer(accessToken));
    assert.equal((await change({ current: 'wrong', password: NEW_PASSWORD })).body.code, 'wrong_password');
    assert.equal((await change({ current: PASSWORD, password: NEW_PASSWORD })).status, 204);
    assert.equal((await p.api.get('/auth/me', bearer(accessToken))).status, 200);
    assert.equal((await p.api.get('/auth/me', bearer(other.accessToken))).body.code, 'token_revoked');
    assert.equal((await p.login(user.email)).status, 401);
    assert.equal((await p.login(user.email, NEW_PASSWORD)).status, 200);
  });

  test('an organizer with an event on sale neither leaves nor loses the role', async () => {
    const { user, accessToken } = await p.register('Olga Organizer');
    const { eventId, organizer } = await openSale(app, plainHall(1, 2));
    await app.db.query(`UPDATE app_user SET role = 'organizer' WHERE id = $1`, [user.id]);
    await app.db.query('UPDATE event SET organizer_id = $2 WHERE id = $1', [eventId, user.id]);
    const [admin] = await app.people(1, 'admin');
    const leave = () => p.api.delete('/auth/me', { password: PASSWORD }, bearer(accessToken));
    const demote = () => admin!.client.patch(`/admin/users/${user.id}`, { role: 'user' });
    for (const { status, body } of [await leave(), await demote()]) {
      assert.deepEqual([status, body.code, body.events], [409, 'events_on_sale', 1]);
      assert.match(body.detail, /cancel/);
    }
    const { rows } = await app.db.query('SELECT role, email FROM app_user WHERE id = $1', [user.id]);
    assert.deepEqual(rows, [{ role: 'organizer', email: user.email }]);
    await app.db.query('UPDATE event SET organizer_id = $2 WHERE id = $1', [eventId, organizer.id]);
    assert.equal((await leave()).status, 204);
  });

  test('the draft of an organizer who is none any more is not published', async () => {
    const { eventId, venueId, event, organizer } = await openSale(app, plainHall(1, 2));
    assert.equal((await organizer.client.post(`/events/${eventId}/cancel`, {})).status, 200);
    const draft = await organizer.client.post('/events', {
      venueId,
      planId: event.planId,
      title: 'Too late',
      category: 'sport',
      startsAt: event.startsAt,
      endsAt: event.endsAt,
      currency: 'EUR',
      priceTiers: [{ name: 'C0', price: 2_000, category: 'C0' }],
    });
    assert.equal(draft.status, 201, JSON.stringify(draft.body));
    const [admin] = await app.people(1, 'admin');
    const { client } = admin!;
    const setRole = (role: string) => client.patch(`/admin/users/${organizer.id}`, { role });
    const publish = () => client.post(`/events/${draft.body.id}/publish`);
    assert.equal((await setRole('user')).status, 200);
    const refused = await publish();
    assert.deepEqual([refused.status, refused.body.code], [409, 'organizer_left']);
    assert.equal((await client.get(`/events/${draft.body.id}`)).body.status, 'draft');
    assert.equal((await setRole('organizer')).status, 200);
    assert.equal((await publish()).body.status, 'published');
  });

  test('a deleted account leaves its id and nothing else, at once', async () => {
    const { user, accessToken, refreshToken } = await p.register('Nobody Else');
    const own = bearer(accessToken);
    const exported = await p.api.get('/auth/me/export', own);
    assert.deepEqual([exported.body.account, exported.body.sessions.length], [user, 1]);
    const remove = (password: string) => p.api.delete('/auth/me', { password }, own);
    assert.equal((await remove('wrong')).body.code, 'wrong_password');
    assert.equal((await remove(PASSWORD)).status, 204);
    assert.equal((await p.api.get('/auth/me', own)).body.code, 'token_revoked');
    assert.equal((await p.api.post('/auth/refresh', { refreshToken })).status, 401);
    assert.equal((await p.login(user.email)).body.code, 'invalid_credentials');
    const { rows } = await app.db.query('SELECT * FROM app_user WHERE id = $1', [user.id]);
    const { id, email, name, password_hash, email_verified_at, deleted_at } = rows[0];
    assert.deepEqual([id, email, name, password_hash, email_verified_at], [user.id, null, null, null, null]);
    assert.ok(deleted_at);
    const links = await app.db.query('SELECT FROM one_time_token WHERE user_id = $1', [user.id]);
    assert.equal(links.rowCount, 0);
    const again = await p.api.post('/auth/register', { email: user.email, password: PASSWORD, name: 'Ada' });
    assert.equal(again.status, 201, 'the address is free again');
  });

  test('a login that was checked before the password changed opens no session', async () => {
    const { user } = await p.register();
    const client = await app.db.connect();
    await client.query('BEGIN');
    await client.query(`UPDATE app_user SET password_hash = password_hash || '=' WHERE id = $1`, [user.id]);
    const login = p.login(user.email);
    await pause(300);
    await client.query('COMMIT');
    client.release();
    assert.equal((await login).body.code, 'invalid_credentials');
  });

  test('a rush of logins leaves other requests their time', async () => {
    const { user, accessToken } = await p.register();
    let done = false;
    const rush = Promise.all(Array.from({ length: 60 }, () => p.login(user.email))).finally(() => {
      done = true;
    });
    let meanwhile = 0;
    while (!done) {
      assert.equal((await p.api.get('/auth/me', bearer(accessToken))).status, 200);
      if (!done) meanwhile++;
    }
    assert.deepEqual([...new Set((await rush).map(({ status }) => status))], [200]);
    assert.ok(meanwhile >= 20, `${meanwhile} other requests were answered during 60 logins`);
  });

  test('the page of mails shows what people wrote as text', async () => {
    const { user } = await p.register('<script>alert(1)</script>&"');
    await p.mail(user.email, /Confirm/);
    const answer = await fetch(`${app.url}/dev/mail?view=text`);
    const page = await answer.text();
    assert.match(answer.headers.get('content-type')!, /^text\/html/);
    assert.ok(page.includes('&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;'));
    assert.ok(!page.includes('<script>'));
    assert.match(page, /<a href="http[^"]+\/verify\?token=[\w-]{43}" /);
    const { html } = await p.mail(user.email, /Confirm/);
    assert.ok(!html.includes('<script'));
  });

  test('the mailbox keeps the last thousand', async () => {
    await app.db.query(`
      INSERT INTO dev_mail (id, recipient, subject, body_text, body_html)
      SELECT uuidv7(), 'many@example.org', n::text, '', '' FROM generate_series(1, 1200) n`);
    await p.mail((await p.register()).user.email, /Confirm/);
    for (let tries = 0; tries < 100; tries++) {
      const { rows } = await app.db.query('SELECT count(*)::int AS n FROM dev_mail');
      if (rows[0].n === 1000) return;
      await pause(20);
    }
    assert.fail('more than a thousand mails are kept');
  });

  test('what is over is forgotten, what lives stays', async () => {
    const old = await p.register();
    const live = await p.register();
    await app.db.query(
      `UPDATE session SET expires_at = clock_timestamp() - interval '2 days' WHERE user_id = $1`,
      [old.user.id],
    );
    await app.nest.get(AccountsJobs).forgetOld();
    const left = await app.db.query('SELECT user_id FROM session WHERE user_id = ANY ($1)', [
      [old.user.id, live.user.id],
    ]);
    assert.deepEqual(left.rows, [{ user_id: live.user.id }]);
    assert.equal((await p.api.post('/auth/refresh', { refreshToken: old.refreshToken })).status, 401);
    assert.equal((await p.api.post('/auth/refresh', { refreshToken: live.refreshToken })).status, 200);
  });
});

describe('npm run admin -- create', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  const admin = (...args: string[]) => adminOf(app.config.database.url, ...args);
  const adminOf = (databaseUrl: string, ...args: string[]) =>
    runCli('admin', args, { DATABASE_URL: databaseUrl });

  test('makes the first administrator, with a password of its own when none is given', async () => {
    const made = await admin('create', '--email', 'Root@example.org', '--name', 'The Operator');
    assert.deepEqual([made.code, made.err], [0, '']);
    const password = /^Password: (\S{20})$/m.exec(made.out)![1]!;
    const api = app.client();
    const { body } = await api.post('/auth/login', { email: 'root@example.org', password });
    assert.deepEqual([body.user.role, body.user.emailVerified], ['admin', true]);
    assert.equal((await api.get('/admin/users', bearer(body.accessToken))).status, 200);
    const again = await admin('create', '--email', 'root@EXAMPLE.org', '--name', 'X', '--password', PASSWORD);
    assert.deepEqual([again.code, again.out], [1, '']);
    assert.match(again.err, /^There is an account with this email address\n$/);
  });

  test('says what is wrong in a few words', async () => {
    const cases: [RegExp, ...string[]][] = [
      [
        /^email: must be an email address such as name@example\.org\n$/,
        'create',
        '--email',
        'root',
        '--name',
        'X',
      ],
      [/too easy to guess/, 'create', '--email', 'a@example.org', '--name', 'X', '--password', 'password123'],
      [/^--email and --name are needed/, 'create'],
      [/Unknown option '--role'/, 'create', '--role', 'user'],
    ];
    for (const [expected, ...args] of cases) {
      const { code, err } = await admin(...args);
      assert.equal(code, 1, args.join(' '));
      assert.match(err, expected);
      assert.doesNotMatch(err, /\n {4}at /);
    }
    const ada = ['create', '--email', 'ada@example.org', '--name', 'Ada'];
    const nowhere = await adminOf('postgres://evently:secret@127.0.0.1:1/evently', ...ada);
    assert.match(nowhere.err, /^DATABASE_URL: PostgreSQL at 127\.0\.0\.1:1 cannot be reached.*\n$/);
  });
});

describe('throttling', () => {
  let app: TestApp;
  let p: ReturnType<typeof people>;
  beforeAll(async () => {
    app = await startApp({ limits: { on: true } });
    p = people(app);
  });
  afterAll(() => app.close());

  test('guessing is slowed down, more each time, and ends when the pause is over', async () => {
    const { user } = await p.register();
    const other = await p.register();
    const guess = (n: number) =>
      Promise.all(Array.from({ length: n }, (_, i) => p.login(user.email, `guess number ${i}`)));
    const statuses = (await guess(12)).map(({ status }) => status).sort();
    assert.deepEqual(statuses, [...Array(5).fill(401), ...Array(7).fill(429)]);
    const refused = await p.login(user.email);
    assert.deepEqual([refused.status, refused.body.code], [429, 'rate_limited']);
    assert.equal(refused.headers['retry-after'], '1');
    assert.equal((await p.login(other.user.email)).status, 200, 'another account');
    await pause(1_100);
    await guess(6);
    const longer = await p.login(user.email);
    assert.deepEqual([longer.status, longer.headers['retry-after']], [429, '2']);
    await pause(2_100);
    assert.equal((await p.login(user.email)).status, 200);
    assert.equal(
      (await guess(5)).every(({ status }) => status === 401),
      true,
      'earlier mistakes are forgotten',
    );
  });

  test('the own password is guarded in the same way', async () => {
    const { accessToken } = await p.register();
    const answers = await Promise.all(
      Array.from({ length: 7 }, () => p.api.delete('/auth/me', { password: 'wrong' }, bearer(accessToken))),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [403, 403, 403, 403, 403, 429, 429]);
  });

  test('nobody gets more than a few mails by asking often', async () => {
    const { user } = await p.register();
    for (let i = 0; i < 6; i++)
      assert.equal((await p.api.post('/auth/forgot', { email: user.email })).status, 202);
    await pause(300);
    const resets = (await p.mails(user.email)).filter(({ subject }) => /new password/.test(subject));
    assert.equal(resets.length, 3);
  });

  test('one address cannot ask without end', async () => {
    const statuses = new Set<number>();
    for (let i = 0; i < 40; i++)
      statuses.add((await p.api.post('/auth/forgot', { email: `${newId()}@example.org` })).status);
    assert.deepEqual([...statuses], [202, 429]);
  });
});

describe('rules', () => {
  test('of a rush of passwords those are hashed that can be in some seconds, and the rest refused', async () => {
    const passwords = new PasswordService();
    const inHand = 2 * HASH_THREADS;
    const most = inHand + 99 * HASH_THREADS;
    const rush = Array.from({ length: most + 3 }, () => passwords.hash('correct horse battery'));
    const ended = await Promise.allSettled(rush);
    assert.equal(ended.filter(({ status }) => status === 'fulfilled').length, most);
    await assert.rejects(
      rush.at(-1)!,
      (error) => error instanceof DomainError && error.code === 'overloaded',
    );
    assert.ok(
      await passwords.matches(await passwords.hash('once more'), 'once more'),
      'and then there is room',
    );
  });

  test('hashing threads answer each as asked, survive nonsense, and yield to requests', async () => {
    const threads = new HashThreads(2);
    const hashes = await Promise.all(['one', 'two', 'three'].map((password) => threads.hash(password)));
    const right = (against: string) => hashes.map((hash) => threads.verify(hash, against));
    assert.deepEqual(await Promise.all(right('two')), [false, true, false]);
    await assert.rejects(threads.verify('no hash', 'two'), Error);
    assert.equal(await threads.verify(hashes[2]!, 'three'), true);
    assert.equal(threads.waiting, 0);
    if (process.platform !== 'linux') return;
    const niceness = readdirSync('/proc/self/task').map((task) => {
      const stat = readFileSync(`/proc/self/task/${task}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
    });
    const own = getPriority();
    assert.ok(niceness.filter((nice) => nice > own).length >= 2, `niceness ${niceness.join(' ')}`);
  });

  test('passwords', () => {
    assert.equal(passwordProblem('correct horse battery', 'ada@example.org'), undefined);
    for (const bad of ['Password123', 'ADA@example.org', 'aaaaaaaaaa', 'abababababab'])
      assert.ok(passwordProblem(bad, 'ada@example.org'), bad);
    assert.ok(passwordProblem('ada.byron.1815', 'ada.byron.1815@example.org'));
  });

  test('networks', () => {
    assert.equal(networkOf('192.0.2.7'), '192.0.2.7');
    assert.equal(networkOf('::ffff:192.0.2.7'), '192.0.2.7');
    assert.equal(networkOf('::1'), '0:0:0:0::/64');
    assert.equal(networkOf('2001:db8:0:1::7'), '2001:db8:0:1::/64');
    assert.equal(networkOf('2001:DB8:0:1:aaaa:bbbb:cccc:dddd'), networkOf('2001:db8::1:0:0:0:9%eth0'));
  });
});
