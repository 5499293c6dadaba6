import assert from 'node:assert/strict';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { newId } from '../../src/platform/common/ids.js';
import { startApp, type TestApp } from '../support/app.js';
import { assertAuditClean } from '../support/audit.js';
import { Authenticator, type HeldPasskey } from '../support/authenticator.js';
import { openBrowser, Visitors } from '../support/browser.js';
import type { Client, Json } from '../support/client.js';
import { describeWith } from '../support/needing.js';
import { until } from '../support/until.js';

const PASSWORD = 'a long enough sentence';
/** A name with a parent, so that a page can ask for passkeys of that as well. */
const HOST = 'tickets.shop.localhost';
const SITE = `http://${HOST}:8000`;
/** The same server under another address. */
const ELSEWHERE = `http://${HOST}:9000`;

interface Member {
  readonly email: string;
  readonly id: string;
  readonly client: Client;
}

describeWith('chromium')('passkeys', () => {
  let app: TestApp;
  let browser: Browser;
  let visitors: Visitors;

  beforeAll(async () => {
    app = await startApp({ http: { publicUrl: SITE } });
    const at = new URL(app.url).host;
    browser = await openBrowser([`--host-resolver-rules=MAP ${HOST} ${at}`]);
    visitors = new Visitors(browser, SITE);
  });
  afterAll(async () => {
    await browser?.close();
    await assertAuditClean(app);
    await app.close();
  });

  async function register(): Promise<Member> {
    const email = `${newId()}@example.org`;
    const body = { email, password: PASSWORD, name: 'Ada Byron' };
    const answer = await app.client().post('/auth/register', body);
    assert.equal(answer.status, 201);
    return { email, id: answer.body.user.id, client: app.client(answer.body.accessToken) };
  }
  /** A page of this site, with an authenticator. */
  async function open(): Promise<{ page: Page; authenticator: Authenticator }> {
    const page = await visitors.open();
    const authenticator = await Authenticator.of(page);
    await page.goto('/');
    return { page, authenticator };
  }
  /** A person with a passkey in the authenticator of a page. */
  async function withPasskey() {
    const ada = await register();
    const opened = await open();
    await add(ada, opened.authenticator);
    return { ada, ...opened };
  }
  async function add({ client }: Member, authenticator: Authenticator): Promise<Json> {
    const options = await client.post('/auth/me/passkeys/options');
    assert.equal(options.status, 200, JSON.stringify(options.body));
    const credential = await authenticator.create(options.body);
    const { status, body } = await client.post('/auth/me/passkeys', { credential });
    assert.equal(status, 201, JSON.stringify(body));
    return body;
  }
  const beginLogin = async (): Promise<Json> => (await app.client().post('/auth/login/passkey/options')).body;
  const login = (passkey: Json) => app.client().post('/auth/login/passkey', { passkey });
  const proofOptions = async ({ client }: Member): Promise<Json> =>
    (await client.post('/auth/step-up/options')).body;
  const passkeysOf = async ({ id }: Member): Promise<Json[]> =>
    (await app.db.query('SELECT * FROM passkey WHERE user_id = $1 ORDER BY id', [id])).rows;
  const sessionsOf = async ({ id }: Member): Promise<Json[]> =>
    (await app.db.query('SELECT * FROM session WHERE user_id = $1 ORDER BY id', [id])).rows;
  const proveLongAgo = (id: string) =>
    app.db.query(
      `UPDATE session SET proved_at = clock_timestamp() - interval '16 minutes' WHERE user_id = $1`,
      [id],
    );
  const mailTo = (email: string, subject: RegExp) =>
    until(async () => {
      const mails = await (await fetch(`${app.url}/dev/mail.json?to=${encodeURIComponent(email)}`)).json();
      return (mails as Json[]).some((mail) => subject.test(mail.subject));
    });
  const inMain = (page: Page, name: string) => page.getByRole('main').getByRole('button', { name });
  async function logInByPassword(page: Page, email: string, next: string): Promise<void> {
    await page.goto(`/login?next=${next}`);
    await page.getByLabel('Email address').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('main').getByRole('button', { name: 'Log in', exact: true }).click();
  }
  async function logOut(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByText('You are logged out.').waitFor();
  }

  test('are made, named, log in without a name typed, prove who it is, and are removed', async () => {
    const ada = await register();
    const { page, authenticator } = await open();
    await logInByPassword(page, ada.email, '/account/security');
    await page.getByText('You have no passkey yet.').waitFor();
    await inMain(page, 'Create a passkey').click();
    await page.getByRole('dialog').getByLabel('Name').fill('My laptop');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('My laptop').waitFor();
    await mailTo(ada.email, /new passkey/);
    // Chromium has this one, and says so itself.
    await inMain(page, 'Create a passkey').click();
    await page.getByText('This device has a passkey for your account already.').waitFor();
    assert.equal((await passkeysOf(ada)).length, 1);

    await authenticator.present(false);
    await logOut(page);
    await page.goto('/login?next=/account/security');
    await inMain(page, 'Log in with a passkey').waitFor();
    await authenticator.present(true);
    await inMain(page, 'Log in with a passkey').click();
    await page.getByText('My laptop').waitFor();
    const session = (await sessionsOf(ada)).at(-1);
    assert.deepEqual(session.methods, ['passkey']);
    const [kept] = await passkeysOf(ada);
    assert.ok(Number(kept.counter) > 0 && kept.last_used_at);

    await proveLongAgo(ada.id);
    await inMain(page, 'Remove').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page
      .getByRole('dialog', { name: 'Is it you?' })
      .getByRole('button', { name: 'Use a passkey' })
      .click();
    await page.getByText('You have no passkey yet.').waitFor();
    assert.deepEqual(await passkeysOf(ada), []);
    await mailTo(ada.email, /passkey of your account was removed/);
    await page.context().close();
  });

  test('are offered in the field for the address', async () => {
    const { ada, page } = await withPasskey();
    // Nothing is pressed: this authenticator takes the offer at once.
    await page.goto('/login?next=/account/security');
    await page.getByText('Where you are logged in', { exact: true }).waitFor();
    assert.deepEqual((await sessionsOf(ada)).at(-1).methods, ['passkey']);
    await page.context().close();
  });

  test('ask for the password where a passkey is not at hand, and let go what is cancelled', async () => {
    const ada = await register();
    const page = await visitors.open();
    await logInByPassword(page, ada.email, '/account/security');
    await inMain(page, 'Turn on').waitFor();
    await proveLongAgo(ada.id);
    await inMain(page, 'Turn on').click();
    const dialog = page.getByRole('dialog', { name: 'Is it you?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Please prove once more that it is you.').waitFor();
    await inMain(page, 'Turn on').click();
    await dialog.getByLabel('Password').fill('not this one');
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.getByText('The current password is wrong.').waitFor();
    await dialog.getByLabel('Password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('dialog', { name: 'Set up the authenticator app' }).waitFor();
    await page.context().close();
  });

  test('a count that goes back is refused, recorded, and told by mail', async () => {
    const { ada, authenticator, page } = await withPasskey();
    const [copy] = await authenticator.held();
    for (let i = 0; i < 3; i++)
      assert.equal((await login(await authenticator.get(await beginLogin()))).status, 200);
    const [before] = await passkeysOf(ada);
    const sessions = (await sessionsOf(ada)).length;
    await authenticator.hold({ ...copy!, signCount: 1 });
    const refused = await login(await authenticator.get(await beginLogin()));
    assert.equal(refused.status, 403);
    assert.equal(refused.body.code, 'passkey_counter_back');
    const proof = await authenticator.get(await proofOptions(ada));
    assert.equal(
      (await ada.client.post('/auth/step-up', { passkey: proof })).body.code,
      'passkey_counter_back',
    );
    const { rows: facts } = await app.db.query(
      'SELECT type, data FROM fact WHERE stream_id = $1 ORDER BY version',
      [before.id],
    );
    assert.deepEqual(
      facts.map(({ type, data }) => [type, data.userId, data.kept]),
      Array.from({ length: 2 }, () => ['passkey.counter_went_back', ada.id, Number(before.counter)]),
    );
    assert.deepEqual(await passkeysOf(ada), [before], 'nothing is kept of it');
    assert.equal((await sessionsOf(ada)).length, sessions);
    await mailTo(ada.email, /may be a copy of a passkey/);
    // The real one has counted on.
    await authenticator.hold({ ...copy!, signCount: Number(before.counter) + 5 });
    assert.equal((await login(await authenticator.get(await beginLogin()))).status, 200);
    await page.context().close();
  });

  test('let nobody in by an answer that was used, made elsewhere, or for something else', async () => {
    const { ada, authenticator, page } = await withPasskey();
    const ben = await register();
    await add(ben, authenticator);
    const heldBy = async (person: Member): Promise<HeldPasskey> => {
      const [{ credential_id: id }] = await passkeysOf(person);
      return (await authenticator.held()).find(({ credentialId }) =>
        Buffer.from(credentialId, 'base64').equals(id),
      )!;
    };
    const [ofAda, ofBen] = [await heldBy(ada), await heldBy(ben)];
    await authenticator.hold(ofAda);
    const refusals: [string, Json, code: string][] = [];
    const attack = async (name: string, code: string, tried: Promise<Json>) =>
      refusals.push([name, (await tried).body.code, code]);

    const used = await authenticator.get(await beginLogin());
    assert.equal((await login(used)).status, 200);
    const sessions = (await sessionsOf(ada)).length;
    await attack('replayed', 'passkey_challenge_invalid', login(used));

    const fresh = async () => authenticator.get(await beginLogin());
    const own = { ...(await beginLogin()), challenge: Buffer.alloc(32, 7).toString('base64url') };
    await attack('a challenge of its own', 'passkey_challenge_invalid', login(await authenticator.get(own)));
    const ofProof = await authenticator.get(await proofOptions(ada));
    await attack('a challenge of a proof', 'passkey_challenge_invalid', login(ofProof));
    const ofLogin = await fresh();
    const prove = (passkey: Json, by = ada) => by.client.post('/auth/step-up', { passkey });
    await attack('a challenge of a login', 'passkey_challenge_invalid', prove(ofLogin));
    const others = await authenticator.get({ ...(await proofOptions(ben)), allowCredentials: [] });
    await attack("somebody else's challenge", 'passkey_challenge_invalid', prove(others));
    await attack("somebody else's passkey", 'passkey_unknown', prove(others, ben));

    const late = await fresh();
    await app.db.query(
      `UPDATE one_time_token SET expires_at = clock_timestamp() - interval '1 second' WHERE purpose = 'passkey_login'`,
    );
    await attack('too late', 'passkey_challenge_invalid', login(late));

    const withOther = async (change: (answer: Json) => void) => {
      const answer = await fresh();
      change(answer);
      return login(answer);
    };
    await attack(
      'for another person',
      'passkey_invalid',
      withOther(({ response }) => {
        response.userHandle = Buffer.from(ben.id.replaceAll('-', ''), 'hex').toString('base64url');
      }),
    );
    await attack(
      'for nobody',
      'passkey_invalid',
      withOther(({ response }) => {
        delete response.userHandle;
      }),
    );
    await attack(
      'with another signature',
      'passkey_invalid',
      withOther(({ response }) => {
        response.signature = used.response.signature;
      }),
    );
    await attack(
      'with another count',
      'passkey_invalid',
      withOther(({ response }) => {
        const data = Buffer.from(response.authenticatorData, 'base64url');
        data.writeUInt32BE(4_000_000, 33);
        response.authenticatorData = data.toString('base64url');
      }),
    );
    await attack(
      'with another passkey',
      'passkey_invalid',
      withOther((answer) => {
        answer.id = answer.rawId = Buffer.from(ofBen.credentialId, 'base64').toString('base64url');
        delete answer.response.userHandle;
        answer.response.userHandle = Buffer.from(ben.id.replaceAll('-', ''), 'hex').toString('base64url');
      }),
    );
    await attack(
      'what no browser writes',
      'passkey_invalid',
      withOther(({ response }) => {
        response.clientDataJSON = Buffer.from('[]').toString('base64url');
      }),
    );

    await authenticator.recognise(false);
    const unverified = await authenticator.get({ ...(await beginLogin()), userVerification: 'discouraged' });
    await authenticator.recognise(true);
    await attack('without its person', 'passkey_invalid', login(unverified));

    await authenticator.hold({ ...ofAda, rpId: 'shop.localhost', signCount: 100 });
    const ofParent = await authenticator.get({ ...(await beginLogin()), rpId: 'shop.localhost' });
    await attack('for the parent of the site', 'passkey_elsewhere', login(ofParent));
    await authenticator.hold({ ...ofAda, signCount: 200 });
    await page.goto(ELSEWHERE);
    await attack('at another address', 'passkey_elsewhere', fresh().then(login));
    await page.goto('/');
    await authenticator.hold();

    assert.deepEqual(
      refusals.map(([name, code]) => [name, code]),
      refusals.map(([name, , code]) => [name, code]),
    );
    assert.equal(refusals.length, 16);
    assert.equal((await sessionsOf(ada)).length, sessions, 'no session began');
    assert.equal((await sessionsOf(ben)).length, 1, 'that of the registration');
    assert.ok(
      (await sessionsOf(ada)).every(({ methods }) => methods.length === 1),
      'nothing was proved',
    );
    await authenticator.hold({ ...ofAda, signCount: 300 });
    assert.equal((await login(await fresh())).status, 200, 'the real one still works');
    await page.context().close();
  });

  test('are kept only where they were asked for, by whom they were asked for, once', async () => {
    const { ada, authenticator, page } = await withPasskey();
    const ben = await register();
    const [before] = await passkeysOf(ada);
    await authenticator.hold();
    const beginNew = async ({ client }: Member): Promise<Json> =>
      (await client.post('/auth/me/passkeys/options')).body;
    const keep = (credential: Json, { client }: Member) => client.post('/auth/me/passkeys', { credential });

    const made = await authenticator.create(await beginNew(ben));
    assert.equal((await keep(made, ada)).body.code, 'passkey_challenge_invalid', "somebody else's");
    assert.equal((await keep(made, ben)).status, 201, 'which left the challenge alone');
    assert.equal((await keep(made, ben)).body.code, 'passkey_challenge_invalid', 'replayed');
    const loginChallenge = { ...(await beginNew(ben)), challenge: (await beginLogin()).challenge };
    const ofLogin = await authenticator.create({ ...loginChallenge, excludeCredentials: [] });
    assert.equal((await keep(ofLogin, ben)).body.code, 'passkey_challenge_invalid', 'of a login');
    const parent = await beginNew(ada);
    const atParent = await authenticator.create({ ...parent, rp: { ...parent.rp, id: 'shop.localhost' } });
    assert.equal((await keep(atParent, ada)).body.code, 'passkey_elsewhere');
    await page.goto(ELSEWHERE);
    assert.equal(
      (await keep(await authenticator.create(await beginNew(ada)), ada)).body.code,
      'passkey_elsewhere',
    );
    await page.goto('/');
    await proveLongAgo(ada.id);
    assert.equal((await ada.client.post('/auth/me/passkeys/options')).body.code, 'step_up_required');
    assert.deepEqual(await passkeysOf(ada), [before]);
    assert.equal((await passkeysOf(ben)).length, 1);
    const [foreign] = await passkeysOf(ben);
    const name = 'Mine now';
    assert.equal((await ada.client.patch(`/auth/me/passkeys/${foreign.id}`, { name })).status, 404);
    assert.equal((await ben.client.patch(`/auth/me/passkeys/${foreign.id}`, { name: ' ' })).status, 422);
    await page.context().close();
  });

  test('one answer sent ten times at once lets one in, and the last way in stays', async () => {
    const { ada, authenticator, page } = await withPasskey();
    const before = (await sessionsOf(ada)).length;
    const answer = await authenticator.get(await beginLogin());
    const tried = await Promise.all(Array.from({ length: 10 }, () => login(answer)));
    assert.deepEqual(tried.map(({ status }) => status).sort(), [
      200,
      ...Array.from({ length: 9 }, () => 422),
    ]);
    assert.equal((await sessionsOf(ada)).length, before + 1);

    const other = await open();
    await add(ada, other.authenticator);
    // As somebody has no password who came by another provider.
    await app.db.query('ALTER TABLE app_user DROP CONSTRAINT app_user_whole_or_erased');
    await app.db.query('UPDATE app_user SET password_hash = NULL WHERE id = $1', [ada.id]);
    const both = await passkeysOf(ada);
    const removed = await Promise.all(both.map(({ id }) => ada.client.delete(`/auth/me/passkeys/${id}`)));
    assert.deepEqual(removed.map(({ status }) => status).sort(), [204, 409]);
    assert.equal(removed.find(({ status }) => status === 409)!.body.code, 'last_way_in');
    assert.equal((await passkeysOf(ada)).length, 1);
    await other.page.context().close();
    await page.context().close();
  });

  test('open no account that is locked or gone, and are exported and erased with it', async () => {
    const { ada, authenticator, page } = await withPasskey();
    const fresh = async () => authenticator.get(await beginLogin());
    const { passkey } = (await ada.client.get('/auth/me/export')).body.records;
    assert.equal(passkey.length, 1);
    const [admin] = await app.people(1, 'admin');
    const reason = { reason: 'Cards of others were used' };
    assert.equal((await admin.client.post(`/admin/users/${ada.id}/lock`, reason)).status, 204);
    assert.equal((await login(await fresh())).body.code, 'account_locked');
    assert.equal((await admin.client.post(`/admin/users/${ada.id}/unlock`)).status, 204);
    const again = await login(await fresh());
    assert.equal(again.status, 200);
    const leaving = app.client(again.body.accessToken).delete('/auth/me', { password: PASSWORD });
    assert.equal((await leaving).status, 204);
    assert.deepEqual(await passkeysOf(ada), []);
    assert.equal((await login(await fresh())).body.code, 'passkey_unknown');
    await page.context().close();
  });

  test('no page has complained', async () => {
    assert.deepEqual(await visitors.leave(), []);
  });
});
