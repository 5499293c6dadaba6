import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { newId } from '../../../src/platform/common/ids.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Client, Json } from '../../support/client.js';
import { until } from '../../support/until.js';

const password = 'correct horse battery';
const PERIOD = 30_000;

interface Member {
  readonly email: string;
  readonly id: string;
  readonly client: Client;
}

describe('an account with a second factor', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  async function register(): Promise<Member> {
    const email = `${newId()}@example.org`;
    const { status, body } = await app
      .client()
      .post('/auth/register', { email, password, name: 'Ada Byron' });
    assert.equal(status, 201);
    return { email, id: body.user.id, client: app.client(body.accessToken) };
  }
  const login = (email: string) => app.client().post('/auth/login', { email, password });
  const codeOf = (secret: string, steps = 0) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * PERIOD });

  /** Turns it on with the code of one step ago, so that those of this step and the next are unused. */
  async function turnOn({ client }: Member): Promise<{ secret: string; recoveryCodes: string[] }> {
    const { status, body } = await client.post('/auth/me/second-factor');
    assert.equal(status, 200, JSON.stringify(body));
    assert.match(body.uri, /^otpauth:\/\/totp\/[^?]+\?issuer=[^&]+&secret=[A-Z2-7]{32}&/);
    const confirmed = await client.put('/auth/me/second-factor', { code: codeOf(body.secret, -1) });
    assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body));
    return { secret: body.secret, recoveryCodes: confirmed.body.recoveryCodes };
  }
  async function begin({ email }: Member): Promise<string> {
    const { status, body } = await login(email);
    assert.equal(status, 401);
    assert.equal(body.code, 'second_factor_required');
    assert.deepEqual(body.methods, ['totp', 'recovery_code']);
    assert.equal(body.accessToken, undefined);
    return body.challenge;
  }
  const finish = (challenge: string, code: string): Promise<Json> =>
    app.client().post('/auth/login/second-factor', { challenge, code });
  const sessionsOf = async ({ id }: Member) =>
    (await app.db.query('SELECT * FROM session WHERE user_id = $1 ORDER BY id', [id])).rows;

  test('logs in with a code of the app, once each', async () => {
    const ada = await register();
    assert.equal((await login(ada.email)).status, 200, 'not before it is on');
    const { secret } = await turnOn(ada);
    const challenge = await begin(ada);
    assert.equal((await finish(challenge, codeOf(secret, -5))).body.code, 'wrong_code', 'too old');
    assert.equal((await finish(challenge, codeOf(secret, 5))).body.code, 'wrong_code', 'too early');
    assert.equal((await finish(challenge, codeOf(secret, -1))).body.code, 'wrong_code', 'used to turn it on');
    const code = codeOf(secret);
    const done = await finish(challenge, code);
    assert.equal(done.status, 200, JSON.stringify(done.body));
    assert.deepEqual((await sessionsOf(ada)).at(-1).methods, ['password', 'totp']);
    assert.equal((await finish(challenge, codeOf(secret, 1))).body.code, 'login_step_invalid', 'finished');
    assert.equal((await finish(await begin(ada), code)).body.code, 'wrong_code', 'the same code');
    assert.equal((await finish(await begin(ada), codeOf(secret, 1))).status, 200);
  });

  test('lets one of many in who send the same code at once', async () => {
    const ada = await register();
    const { secret, recoveryCodes } = await turnOn(ada);
    for (const code of [codeOf(secret), recoveryCodes[0]!]) {
      const before = (await sessionsOf(ada)).length;
      const challenges = await Promise.all(Array.from({ length: 10 }, () => begin(ada)));
      const answers = await Promise.all(challenges.map((challenge) => finish(challenge, code)));
      assert.equal(answers.filter(({ status }) => status === 200).length, 1, code);
      assert.equal((await sessionsOf(ada)).length, before + 1);
    }
    const one = await begin(ada);
    const answers = await Promise.all(recoveryCodes.slice(1, 9).map((code) => finish(one, code)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1, 'one challenge, many codes');
  });

  test('takes a recovery code once, however it is typed, and says how many are left', async () => {
    const ada = await register();
    const { recoveryCodes } = await turnOn(ada);
    assert.equal(new Set(recoveryCodes).size, 10);
    const typed = recoveryCodes[3]!.toUpperCase().replaceAll('-', ' ');
    assert.equal((await finish(await begin(ada), typed)).status, 200);
    assert.equal((await finish(await begin(ada), recoveryCodes[3]!)).body.code, 'wrong_code');
    assert.equal((await ada.client.get('/auth/me/security')).body.recoveryCodesLeft, 9);
    const renewed = await ada.client.post('/auth/me/recovery-codes');
    assert.equal(renewed.body.recoveryCodes.length, 10);
    assert.equal((await finish(await begin(ada), recoveryCodes[4]!)).body.code, 'wrong_code', 'void');
    assert.equal((await finish(await begin(ada), renewed.body.recoveryCodes[0])).status, 200);
    await until(async () => {
      const answer = await fetch(`${app.url}/dev/mail.json?to=${encodeURIComponent(ada.email)}`);
      const mails = (await answer.json()) as { subject: string; text: string }[];
      return mails.some(({ subject, text }) => /recovery code/.test(subject) && text.includes('left: 9.'));
    });
  });

  test('ends a login that was begun with the password of before', async () => {
    const ada = await register();
    const { secret } = await turnOn(ada);
    const challenge = await begin(ada);
    const changed = { current: password, password: 'staple gun on the roof' };
    assert.equal((await ada.client.post('/auth/me/password', changed)).status, 204);
    assert.equal((await finish(challenge, codeOf(secret))).body.code, 'login_step_invalid');
  });

  test('is asked for the code again before it is turned off, and has none after that', async () => {
    const ada = await register();
    const { secret } = await turnOn(ada);
    const long =
      "UPDATE session SET proved_at = clock_timestamp() - interval '16 minutes' WHERE user_id = $1";
    await app.db.query(long, [ada.id]);
    assert.equal((await ada.client.delete('/auth/me/second-factor')).body.code, 'step_up_required');
    assert.equal((await ada.client.post('/auth/step-up', { password })).body.code, 'missing_field');
    const wrong = await ada.client.post('/auth/step-up', { code: '000000' });
    assert.equal(wrong.body.code, 'wrong_code');
    assert.equal((await ada.client.post('/auth/step-up', { code: codeOf(secret) })).status, 200);
    assert.equal((await ada.client.delete('/auth/me/second-factor')).status, 204);
    assert.equal((await ada.client.delete('/auth/me/second-factor')).body.code, 'second_factor_off');
    assert.equal((await login(ada.email)).status, 200);
    const left = await app.db.query('SELECT FROM recovery_code WHERE user_id = $1', [ada.id]);
    assert.equal(left.rowCount, 0);
  });

  test('is not let in by a replica of the release before, which knows no second factor', async () => {
    const ada = await register();
    await turnOn(ada);
    const before = 'INSERT INTO session (id, user_id) VALUES ($1, $2)';
    await assert.rejects(app.db.query(before, [newId(), ada.id]), /second factor/);
  });

  test('of two who turn it on at once one does, and bad input is told', async () => {
    const ada = await register();
    assert.equal(
      (await ada.client.put('/auth/me/second-factor', { code: '123456' })).body.code,
      'second_factor_off',
    );
    const { body } = await ada.client.post('/auth/me/second-factor');
    assert.equal(
      (await ada.client.put('/auth/me/second-factor', { code: 'abcdef' })).body.code,
      'wrong_code',
    );
    const code = codeOf(body.secret);
    const both = await Promise.all([1, 2].map(() => ada.client.put('/auth/me/second-factor', { code })));
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409]);
    assert.equal((await ada.client.post('/auth/me/second-factor')).body.code, 'second_factor_on');
    const { rows } = await app.db.query('SELECT count(*)::int FROM recovery_code WHERE user_id = $1', [
      ada.id,
    ]);
    assert.equal(rows[0].count, 10);
    for (const challenge of ['x', 'a'.repeat(200)])
      assert.equal((await finish(challenge, '123456')).body.code, 'login_step_invalid');
  });
});

describe('sessions of an account', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
  const SAFARI =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

  const mailsTo = async (email: string): Promise<{ subject: string; text: string }[]> =>
    (await fetch(`${app.url}/dev/mail.json?to=${encodeURIComponent(email)}`)).json() as never;

  test('are listed with where they are used from, and end one by one; a new device is told by mail', async () => {
    const email = `${newId()}@example.org`;
    const from = (agent: string) => ({ 'user-agent': agent });
    const api = app.client();
    const first = await api.post('/auth/register', { email, password, name: 'Ada Byron' }, from(FIREFOX));
    const again = await api.post('/auth/login', { email, password }, from(FIREFOX));
    const phone = await api.post('/auth/login', { email, password }, from(SAFARI));
    const device = phone.body.device;
    const elsewhere = await api.post('/auth/login', { email, password, device }, from('curl/8.14'));
    assert.equal(elsewhere.status, 200);
    const { data } = (await app.client(first.body.accessToken).get('/auth/me/sessions')).body;
    assert.deepEqual(
      data.map(({ browser, system, current }: Json) => [browser, system, current]),
      [
        ['curl', null, false],
        ['Safari', 'iOS', false],
        ['Firefox', 'Linux', false],
        ['Firefox', 'Linux', true],
      ],
    );
    await until(async () => (await mailsTo(email)).some(({ subject }) => /new device/.test(subject)));
    const told = (await mailsTo(email)).filter(({ subject }) => /new device/.test(subject));
    assert.equal(told.length, 1, 'the phone alone: the others were known');
    assert.match(told[0]!.text, /Safari, iOS/);

    const client = app.client(first.body.accessToken);
    const other = app.client(again.body.accessToken);
    assert.equal((await client.delete(`/auth/me/sessions/${data[2].id}`)).status, 204);
    assert.equal((await other.get('/auth/me')).body.code, 'token_revoked');
    const foreign = (await app.people(1))[0]!;
    assert.equal((await client.delete(`/auth/me/sessions/${foreign.sessionId}`)).status, 404);
    assert.equal((await foreign.client.get('/auth/me')).status, 200);
    assert.equal((await client.delete('/auth/me/sessions/1')).status, 400);
  });
});
