import assert from 'node:assert/strict';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { openBrowser, Visitors } from '../support/browser.js';
import { openSale, plainHall } from '../support/halls.js';
import { describeWith } from '../support/needing.js';

const HOUR = 3_600_000;

describeWith('chromium')('looking for an event', () => {
  let app: TestApp;
  let browser: Browser;
  let visitors: Visitors;

  beforeAll(async () => {
    app = await startApp();
    browser = await openBrowser();
    visitors = new Visitors(browser, app.url);
    const event = (title: string, category: string, inHours: number) => ({
      title,
      category,
      startsAt: new Date(Date.now() + inHours * HOUR).toISOString(),
      endsAt: new Date(Date.now() + (inHours + 2) * HOUR).toISOString(),
    });
    const hall = plainHall(2, 4);
    const { venueId } = await openSale(app, hall, event('Soon', 'Concert', 40));
    await app.db.query(`UPDATE venue SET city = 'Weimar' WHERE id = $1`, [venueId]);
    await openSale(app, hall, event('Later', 'Konzert', 24 * 40));
    await openSale(app, hall, event('Organ night', 'Orgelführung', 24 * 50));
  });
  afterAll(async () => {
    await visitors?.leave();
    await browser?.close();
    await app.close();
  });

  const titles = async (page: Page, count: number) => {
    await page.getByRole('heading', { level: 2, name: `${count} event`, exact: false }).waitFor();
    return page.locator('#main .event-card h3').allTextContents();
  };

  test('chips of days and the list of cities narrow the events, and the address keeps it', async () => {
    const page = await visitors.open();
    await page.goto('/');
    const week = page.getByRole('button', { name: 'Next 7 days' });
    await week.click();
    assert.deepEqual(await titles(page, 1), ['Soon']);
    await page.getByText('Days as in your time zone, Europe/Berlin.').waitFor();
    await page.reload();
    assert.deepEqual(await titles(page, 1), ['Soon']);
    assert.equal(await week.getAttribute('aria-pressed'), 'true');
    await week.click();
    await page.getByRole('heading', { name: 'Coming up' }).waitFor();
    const cities = page.getByRole('combobox', { name: 'City' });
    assert.match((await cities.locator('option').allTextContents()).join(), /^All cities,.+Weimar \(1\)/);
    await cities.selectOption('Weimar');
    assert.deepEqual(await titles(page, 1), ['Soon']);
  });

  test('a category has its word in the language of the page, and finds the other word', async () => {
    const page = await visitors.open(undefined, { locale: 'de-DE' });
    await page.goto('/');
    await page.getByRole('button', { name: 'Orgelführung 1' }).waitFor();
    await page.getByRole('button', { name: 'Konzert 2' }).click();
    await page.getByRole('heading', { name: '2 Veranstaltungen' }).waitFor();
    assert.deepEqual(await page.locator('#main .event-card .stack > span:first-child').allTextContents(), [
      'Konzert',
      'Konzert',
    ]);
  });
});
