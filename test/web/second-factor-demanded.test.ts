import assert from 'node:assert/strict';
import { afterAll, beforeAll, test } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { newId } from '../../src/platform/common/ids.js';
import { startApp, type TestApp } from '../support/app.js';
import { seriousFaults } from '../support/axe.js';
import { openBrowser, PHONE, Visitors } from '../support/browser.js';
import { giveRights } from '../support/members.js';
import { describeWith } from '../support/needing.js';

const PASSWORD = 'a long enough sentence';

describeWith('chromium')('an organisation that demands a second factor, at the desk', () => {
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

  async function register(name: string): Promise<{ email: string; id: string }> {
    const email = `${newId()}@example.org`;
    const { status, body } = await app.client().post('/auth/register', { email, password: PASSWORD, name });
    assert.equal(status, 201);
    return { email, id: body.user.id };
  }
  async function logIn(page: Page, email: string): Promise<void> {
    await page.goto('/login?next=/desk/organisation');
    await page.getByLabel('Email address').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByLabel('Password').press('Enter');
  }
  async function turnOn(page: Page): Promise<void> {
    await page.getByRole('main').getByRole('button', { name: 'Turn on', exact: true }).click();
    const setup = page.getByRole('dialog', { name: 'Set up the authenticator app' });
    const secret = (await setup.locator('.secret').innerText()).replaceAll(' ', '');
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
    await setup.getByLabel('Code that the app shows now').fill(code);
    await setup.getByRole('button', { name: 'Turn on' }).click();
    await page.getByRole('button', { name: 'I have kept them' }).click();
  }

  test('is made one by an owner who has one, and opens to members once they have one', async () => {
    const [owner, member] = [await register('Ada Byron'), await register('Grace Hopper')];
    await app.db.query(`UPDATE app_user SET role = 'organizer' WHERE id = $1`, [owner.id]);
    await giveRights(app, owner.id, member, { permissions: ['money', 'settings'] });

    const page = await visitors.open();
    await logIn(page, owner.email);
    await page.getByText('Log in with a second factor yourself').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Ask all members for it' }).count(), 0);
    await page.getByRole('main').getByRole('link', { name: 'Security of the account' }).click();
    await turnOn(page);
    await page.goto('/desk/organisation');
    await page.getByRole('button', { name: 'Ask all members for it' }).click();
    await page.getByRole('button', { name: 'Ask no longer for it' }).waitFor();
    assert.deepEqual(await seriousFaults(page, 'organisation'), []);
    const { rows } = await app.db.query(
      'SELECT demands_second_factor AS on FROM organisation WHERE id = $1',
      [owner.id],
    );
    assert.equal(rows[0].on, true);

    const phone = await visitors.open(undefined, { viewport: PHONE });
    await logIn(phone, member.email);
    await phone.getByText('asks its members for a second factor').waitFor();
    assert.deepEqual(await seriousFaults(phone, 'demanded'), []);
    await phone.getByRole('link', { name: 'Set one up' }).click();
    await turnOn(phone);
    await phone.goto('/desk/organisation');
    await phone.getByLabel('Name').fill('The house');
    await phone.getByRole('button', { name: 'Save' }).click();
    await phone.getByText('Saved').waitFor();
    assert.equal(await phone.getByText('asks its members for a second factor').count(), 0);
    assert.equal((await app.db.query('SELECT FROM organisation WHERE name = $1', ['The house'])).rowCount, 1);
  });
});
