import assert from 'node:assert/strict';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { loadDemo } from '../../src/operations/demo/demo.js';
import { playStranger, tellStranger } from '../../tour/stranger.js';
import { startApp, type TestApp } from '../support/app.js';
import { assertAuditClean } from '../support/audit.js';
import { openBrowser, Visitors } from '../support/browser.js';
import { describeWith } from '../support/needing.js';
import { until } from '../support/until.js';

describeWith('chromium')('a demo in the web app', () => {
  let app: TestApp;
  let browser: Browser;
  let visitors: Visitors;
  beforeAll(async () => {
    app = await startApp({ demo: true });
    browser = await openBrowser();
    visitors = new Visitors(browser, app.url);
    await loadDemo(app.nest, () => {});
    // Their addresses have the port of the settings, and this application has another.
    await app.db.query('UPDATE event SET image_url = NULL');
  });
  afterAll(async () => {
    await browser?.close();
    await assertAuditClean(app);
    await app.close();
  });

  const logInAs = async (name: string, locale: string, home = '/'): Promise<Page> => {
    const page = await visitors.open(undefined, { locale });
    await page.goto('/login');
    await page.getByRole('button', { name, exact: true }).click();
    await page.waitForURL(app.url + home);
    return page;
  };

  test('one press logs in, in the role it is named for, also after somebody else at the same browser', async () => {
    const buyer = await logInAs('Käufer', 'de-DE');
    await buyer
      .getByRole('link', { name: /^(Meine )?(Tickets|Karten)$/ })
      .first()
      .waitFor();
    const languageOf = async (email: string) =>
      (await app.db.query('SELECT locale FROM app_user WHERE email = $1', [email])).rows[0].locale;
    await until(async () => (await languageOf('buyer@evently.test')) === 'de');
    const organizer = await logInAs('organizer 2', 'en-GB', '/desk');
    await organizer.getByRole('link', { name: 'Der zerbrochne Krug' }).first().waitFor();
    // The next person at the same browser, too.
    await buyer.getByRole('button', { name: 'Menü' }).click();
    await buyer.getByRole('button', { name: 'Abmelden' }).click();
    await buyer.getByRole('link', { name: 'Anmelden' }).click();
    await buyer.getByRole('button', { name: 'Veranstalter', exact: true }).click();
    await buyer.waitForURL(`${app.url}/desk`);
    assert.deepEqual(await visitors.leave(), []);
  });

  test('an operator sends robots and reads that nothing was oversold', async () => {
    const page = await logInAs('operator', 'en-GB');
    await page.goto('/operator');
    const choice = page.getByLabel('Event', { exact: true });
    const handball = page.getByRole('option', { name: /^Handball/ });
    await choice.selectOption(await handball.getAttribute('value'));
    const left = await handball.textContent();
    await page.getByRole('button', { name: 'Send the robots' }).click();
    await page.getByText(/^Nothing oversold/).waitFor({ timeout: 90_000 });
    const { rows } = await app.db.query(
      `SELECT count(*)::int AS sold FROM booking_item WHERE status = 'confirmed'`,
    );
    await until(async () => (await handball.textContent()) !== left);
    const bought = page.locator('.figures > div', { hasText: 'Places bought' }).locator('dd');
    assert.equal(await bought.textContent(), String(rows[0].sold));
    assert.deepEqual(await visitors.leave(), []);
  });

  test('a stranger gets to a ticket and to the sales in 13 clicks, without filling a field', async () => {
    const steps = await playStranger(await visitors.open());
    const sum = (name: 'clicks' | 'fields') => steps.reduce((total, step) => total + step[name], 0);
    assert.ok(sum('clicks') <= 13, JSON.stringify(steps));
    assert.equal(sum('fields'), 0);
    const { lines, inTime } = tellStranger(steps, 5);
    assert.match(lines.at(-1)!, /^The machine: 5\.0 s to start, /);
    assert.ok(inTime);
    assert.ok(!tellStranger(steps, 300).inTime);
    assert.deepEqual(await visitors.leave(), []);
  });

  test('without the demo there is neither', async () => {
    const plain = await startApp();
    try {
      const others = new Visitors(browser, plain.url);
      const page = await others.open();
      await page.goto('/login');
      await page.waitForLoadState('networkidle');
      assert.equal(await page.getByText('Demo: log in as').count(), 0);
      const [admin] = await plain.people(1, 'admin');
      const overview = await others.open(admin);
      await overview.goto('/operator');
      await overview.getByRole('heading', { name: 'This replica' }).waitFor();
      await overview.waitForLoadState('networkidle');
      assert.equal(await overview.getByText('Simulate a rush').count(), 0);
      assert.deepEqual(await others.leave(), []);
    } finally {
      await plain.close();
    }
  });
});
