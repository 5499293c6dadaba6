import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, test } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { newId } from '../../src/platform/common/ids.js';
import { startApp, type TestApp } from '../support/app.js';
import { seriousFaults } from '../support/axe.js';
import { openBrowser, PHONE, tabTo, Visitors } from '../support/browser.js';
import { describeWith } from '../support/needing.js';

const PASSWORD = 'a long enough sentence';

describeWith('chromium')('the security of an account in the web app', () => {
  let app: TestApp;
  let browser: Browser;
  let visitors: Visitors;

  beforeAll(async () => {
    app = await startApp();
    browser = await openBrowser();
    visitors = new Visitors(browser, app.url);
  });
  afterAll(async () => {
    await browser?.close();
    await app.close();
  });

  async function register(): Promise<{ email: string; id: string }> {
    const email = `${newId()}@example.org`;
    const { status, body } = await app
      .client()
      .post('/auth/register', { email, password: PASSWORD, name: 'Ada Byron' });
    assert.equal(status, 201);
    return { email, id: body.user.id };
  }
  async function logIn(page: Page, email: string): Promise<void> {
    await page.goto('/login?next=/account/security');
    await page.getByLabel('Email address').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByLabel('Password').press('Enter');
  }
  async function logOut(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByText('You are logged out.').waitFor();
  }
  const press = (page: Page, name: string) =>
    page.getByRole('main').getByRole('button', { name, exact: true }).click();
  const codeOf = (secret: string, steps = 0) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });
  const methodsOf = async (id: string): Promise<string[][]> =>
    (await app.db.query('SELECT methods FROM session WHERE user_id = $1 ORDER BY id', [id])).rows.map(
      ({ methods }) => methods,
    );

  test('an authenticator app is set up, asked for at the login, replaced by a code on paper, and turned off', async () => {
    const ada = await register();
    const page = await visitors.open();
    await logIn(page, ada.email);
    await press(page, 'Turn on');
    const setup = page.getByRole('dialog', { name: 'Set up the authenticator app' });
    await setup.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
    const secret = (await setup.locator('.secret').innerText()).replaceAll(' ', '');
    assert.deepEqual(await seriousFaults(page, 'setup'), []);
    await setup.getByLabel('Code that the app shows now').fill('000000');
    await setup.getByRole('button', { name: 'Turn on' }).click();
    await setup.getByText('The code is not right, or was used before.').waitFor();
    await setup.getByLabel('Code that the app shows now').fill(codeOf(secret, -1));
    await setup.getByRole('button', { name: 'Turn on' }).click();
    const shown = page.getByRole('dialog', { name: 'Your recovery codes' });
    await shown.waitFor();
    const codes = await shown.getByRole('listitem').allInnerTexts();
    assert.equal(codes.length, 10);
    assert.deepEqual(await seriousFaults(page, 'codes'), []);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      shown.getByRole('link', { name: 'Save as a file' }).click(),
    ]);
    const saved = readFileSync((await file.path())!, 'utf8');
    assert.ok(codes.every((code) => saved.includes(code)));
    await page.emulateMedia({ media: 'print' });
    assert.equal(await shown.getByText(codes[9]!).isVisible(), true);
    assert.equal(await page.getByText('Where you are logged in', { exact: true }).isVisible(), false);
    await page.emulateMedia({ media: 'screen' });
    await shown.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByText('10 recovery codes are left.').waitFor();

    await logOut(page);
    await logIn(page, ada.email);
    const field = page.getByLabel('Code of the authenticator app');
    await field.waitFor();
    assert.equal(await field.getAttribute('autocomplete'), 'one-time-code');
    assert.deepEqual(await seriousFaults(page, 'second step'), []);
    await field.fill(codeOf(secret));
    await field.press('Enter');
    await page.getByText('10 recovery codes are left.').waitFor();
    assert.deepEqual((await methodsOf(ada.id)).at(-1), ['password', 'totp']);

    await logOut(page);
    await logIn(page, ada.email);
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await page.getByLabel('Recovery code').fill(codes[4]!.toUpperCase());
    await page.getByLabel('Recovery code').press('Enter');
    await page.getByText('9 recovery codes are left.').waitFor();

    // A device that logged in before is told of to nobody.
    const { rows } = await app.db.query(
      `SELECT count(*)::int FROM mail WHERE kind = 'account.new_device' AND user_id = $1`,
      [ada.id],
    );
    assert.equal(rows[0].count, 1, 'of the browser alone, the first time');

    await app.db.query(`UPDATE session SET proved_at = clock_timestamp() - interval '16 minutes'`);
    await press(page, 'Turn off');
    await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click();
    const asked = page.getByRole('dialog', { name: 'Is it you?' });
    await asked.getByLabel('Code of the authenticator app').fill(codeOf(secret, 1));
    assert.deepEqual(await seriousFaults(page, 'is it you'), []);
    await asked.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('The second factor is turned off.').waitFor();
    const left = await app.db.query('SELECT FROM second_factor WHERE user_id = $1', [ada.id]);
    assert.equal(left.rowCount, 0);
  });

  test('sessions say where they are used from and end, one and all others', async () => {
    const ada = await register();
    for (const agent of ['curl/8.14', 'Wget/1.25'])
      await app
        .client()
        .post('/auth/login', { email: ada.email, password: PASSWORD }, { 'user-agent': agent });
    const page = await visitors.open(undefined, { viewport: PHONE });
    await logIn(page, ada.email);
    const list = page.getByRole('region', { name: 'Where you are logged in' });
    const first = list.getByRole('listitem').first();
    await first.getByText('This one').waitFor();
    assert.match(await first.innerText(), /Chrom.+Linux[\s\S]+127\.0\.0\.1[\s\S]+last used/);
    assert.equal(await list.getByRole('listitem').count(), 4, 'with that of the registration');
    assert.deepEqual(await seriousFaults(page, 'security, phone'), []);
    await tabTo(page, /^End$/);
    await page.keyboard.press('Enter');
    await page.getByText('Logged out there.').waitFor();
    const open = async () =>
      (await app.db.query('SELECT FROM session WHERE user_id = $1 AND revoked_at IS NULL', [ada.id]))
        .rowCount;
    assert.equal(await open(), 3);
    await list.getByRole('button', { name: 'End all others' }).click();
    await list.getByRole('button', { name: 'End all others' }).waitFor({ state: 'detached' });
    assert.equal(await open(), 1);
    assert.equal(await list.getByRole('listitem').count(), 1);
  });

  test('no page has complained', async () => {
    assert.deepEqual(await visitors.leave(), []);
  });
});
