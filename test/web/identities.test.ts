import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { newId } from '../../src/platform/common/ids.js';
import { startApp, type TestApp } from '../support/app.js';
import { seriousFaults } from '../support/axe.js';
import { openBrowser, PHONE, Visitors } from '../support/browser.js';
import type { Json } from '../support/client.js';
import { CLIENT, IdProvider } from '../support/id-provider.js';
import { describeWith } from '../support/needing.js';
import type { Person } from '../support/people.js';

/** A folder for pictures. */
const FOLDER = process.env.EVENTLY_SCREENSHOTS;
const NARROW = { width: 320, height: 720 };

describeWith('chromium')('logins at other providers in the web app', () => {
  let app: TestApp;
  let browser: Browser;
  let visitors: Visitors;
  let at: IdProvider;
  let admin: Person;
  let owner: Person;

  beforeAll(async () => {
    app = await startApp({ identities: { allowPrivate: true, timeoutMs: 3_000 } });
    // The port is known only now.
    Object.assign(app.config.http, { publicUrl: app.url });
    browser = await openBrowser();
    visitors = new Visitors(browser, app.url);
    at = await IdProvider.start();
    at.allow('https://tickets.example.org/not-yet');
    [admin] = await app.people(1, 'admin');
    [owner] = await app.people(1, 'organizer');
  });
  afterAll(async () => {
    const complaints = await visitors?.leave();
    await browser?.close();
    at?.close();
    await app.close();
    // The provider that does not answer is told in the page's own words.
    assert.deepEqual(
      complaints?.filter((text) => !/status of 503/.test(text)),
      [],
    );
  });

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  function known(more: object = {}): string {
    const subject = newId();
    const email = `${subject}@example.org`;
    at.people.set(subject, { email, email_verified: true, name: 'Ada Byron', ...more });
    return subject;
  }
  /** Adds the provider in a page of desk or operator. @returns its redirect URI */
  async function add(page: Page, name: string): Promise<string> {
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Issuer').fill(`${at.issuer}/.well-known/openid-configuration`);
    await page.getByLabel('Client ID').fill(CLIENT.id);
    await page.getByLabel('Client secret').fill(CLIENT.secret);
    await button(page, 'Add').click();
    const field = page.getByRole('region', { name }).getByLabel('Redirect URI to allow at the provider');
    await field.waitFor();
    return field.inputValue();
  }
  async function logInThere(page: Page, subject: string): Promise<void> {
    await page.getByRole('textbox', { name: 'Login' }).fill(subject);
    await button(page, 'Log in').click();
  }

  test('operators and members add a provider, try it, and switch it off and on', async () => {
    const page = await visitors.open(admin);
    await page.goto('/operator/logins');
    await page.getByText('There is no provider yet.').waitFor();
    const first = await add(page, 'House ID');
    const card = page.getByRole('region', { name: 'House ID' });
    await button(page, 'Try it').click();
    await card.getByText('It answers, and calls itself').waitFor();
    await button(page, 'Switch off').click();
    await button(page, 'Switch on').click();
    await button(page, 'Switch off').waitFor();

    const desk = await visitors.open(owner);
    await desk.goto('/desk/logins');
    const second = await add(desk, 'Club ID');
    at.allow(first, second);
    assert.equal(
      await desk.getByLabel('Login page for your people').inputValue(),
      `${app.url}/login/o/${owner.id}`,
    );
    await desk.getByLabel('Name', { exact: true }).fill('Again');
    await desk.getByLabel('Issuer').fill(at.issuer);
    await desk.getByLabel('Client ID').fill(CLIENT.id);
    await button(desk, 'Add').click();
    await desk.getByText('There is a provider with this issuer.').waitFor();
    at.tamper = (_, request) => Boolean(request.socket.destroy());
    await button(desk, 'Try it').click();
    await desk.getByText('The other provider does not answer as it should').waitFor();
    at.tamper = () => false;
  });

  test('somebody new logs in with a press, comes back to where they were, and is told what went wrong', async () => {
    const page = await visitors.open();
    await page.goto('/login?next=%2Ftickets');
    await button(page, 'Continue with House ID').click();
    const subject = known();
    await logInThere(page, subject);
    await page.waitForURL(`${app.url}/tickets`);
    await page.goto('/account');
    await page.getByText(`${subject}@example.org`).waitFor();
    await page.getByText('Your account has no password.').waitFor();

    const again = await visitors.open();
    await again.goto('/login');
    await button(again, 'Continue with House ID').click();
    await logInThere(again, known({ email: `${subject}@example.org` }));
    await again.getByText('There is an account with this email address already.').waitFor();
    assert.equal(new URL(again.url()).hash, '', 'nothing is left in the address');
    await again.getByRole('link', { name: 'To the login' }).click();
    await button(again, 'Continue with House ID').waitFor();

    // The provider remembers nobody in another browser.
    const other = await visitors.open();
    await other.goto('/login');
    await button(other, 'Continue with House ID').click();
    await button(other, 'Cancel').click();
    await other.getByText('You cancelled the login at the other provider.').waitFor();
    await other.goto('/login/back');
    await other.getByText('This login was begun too long ago').waitFor();
    await other.goto(`/login/o/${owner.id}`);
    await button(other, 'Continue with Club ID').click();
    await logInThere(other, subject);
    await other.waitForURL(/\/desk/);
  });

  test('a login is linked in the security of an account, proves who it is there, and is unlinked', async () => {
    const subject = known({ email_verified: false });
    const [ada] = (await app.people(1)) as [Person];
    const page = await visitors.open(ada);
    page.on('dialog', (dialog) => void dialog.accept());
    await page.goto('/account/security');
    await button(page, 'Link House ID').click();
    await logInThere(page, subject);
    await page.getByText('It is linked.').waitFor();
    await page.waitForURL(/\/account\/security$/);
    await button(page, 'Unlink House ID').waitFor();

    // Without a password and with an old proof the provider is asked.
    await app.db.query('UPDATE app_user SET password_hash = NULL WHERE id = $1', [ada.id]);
    await app.db.query(`UPDATE session SET proved_at = now() - interval '1 hour' WHERE user_id = $1`, [
      ada.id,
    ]);
    await page.reload();
    await button(page, 'Unlink House ID').click();
    await button(page, 'Log in with House ID again').click();
    await logInThere(page, subject);
    await page.getByText('Please repeat what you were about to do.').waitFor();
    await button(page, 'Unlink House ID').click();
    await page.getByText('Without it you could not log in any more.').waitFor();
    await app.db.query(`UPDATE app_user SET password_hash = 'set' WHERE id = $1`, [ada.id]);
    await button(page, 'Unlink House ID').click();
    await page.getByText('The link has ended.').waitFor();
    assert.equal((await app.db.query('SELECT FROM identity WHERE user_id = $1', [ada.id])).rowCount, 0);
  });

  test('the pages fit screens of 320 pixels, and axe finds nothing serious', async () => {
    const [ada] = (await app.people(1)) as [Person];
    await app.db.query(
      `INSERT INTO identity (id, user_id, provider_id, issuer, subject)
       SELECT $1, $2, id, issuer, $3 FROM identity_provider WHERE name = 'House ID'`,
      [newId(), ada.id, newId()],
    );
    const pages: [string, string, Person | undefined][] = [
      ['login', '/login', undefined],
      ['organisation-login', `/login/o/${owner.id}`, undefined],
      ['back', '/login/back#error=identity_email_taken&why=login', undefined],
      ['security', '/account/security', ada],
      ['desk-logins', '/desk/logins', owner],
      ['operator-logins', '/operator/logins', admin],
    ];
    const faults: string[] = [];
    for (const [name, path, person] of pages)
      for (const locale of ['de-DE', 'en-GB']) {
        const page = await visitors.open(person, { viewport: NARROW, locale });
        for (const colorScheme of ['dark', 'light'] as const) {
          await page.emulateMedia({ colorScheme });
          await page.goto(path);
          await page.getByRole('heading', { level: 1 }).waitFor();
          await page.waitForLoadState('networkidle');
          const where = `${name} ${locale} ${colorScheme}`;
          const width: Json = await page.evaluate('document.documentElement.scrollWidth');
          if (width > NARROW.width) faults.push(`${where}: is ${width} pixels wide`);
          faults.push(...(await seriousFaults(page, where)));
          if (!FOLDER || (locale === 'en-GB') === (colorScheme === 'dark')) continue;
          mkdirSync(FOLDER, { recursive: true });
          await page.setViewportSize(locale === 'de-DE' ? PHONE : { width: 1280, height: 900 });
          await page.screenshot({
            path: join(FOLDER, `${name}-${locale}-${colorScheme}.png`),
            fullPage: true,
          });
          await page.setViewportSize(NARROW);
        }
      }
    assert.deepEqual(faults, []);
  });
});
