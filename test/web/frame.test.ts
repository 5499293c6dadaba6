import assert from 'node:assert/strict';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { openBrowser, Visitors } from '../support/browser.js';
import { openSale, plainHall } from '../support/halls.js';
import { describeWith } from '../support/needing.js';
import type { Person } from '../support/people.js';
import { until } from '../support/until.js';

/** JavaScript of a first visit, 110 KB as it is sent to browsers that take Brotli. */
const MOST_BYTES = 110 * 1_024;
/** A folder for pictures. */
const FOLDER = process.env.EVENTLY_SCREENSHOTS;
const TITLE = 'Night of the long songs';

describeWith('chromium')('the frame of the web app', () => {
  let app: TestApp;
  let browser: Browser;
  let visitors: Visitors;
  let organizer: Person;
  let event: string;

  beforeAll(async () => {
    app = await startApp();
    browser = await openBrowser();
    visitors = new Visitors(browser, app.url);
    const sale = await openSale(app, plainHall(4, 10), {
      title: TITLE,
      description: 'Bring a friend.',
    });
    organizer = sale.organizer;
    event = `/events/${sale.eventId}`;
  });
  afterAll(async () => {
    await visitors?.leave();
    await browser?.close();
    await app.close();
  });

  /** Not `waitForFunction`, whose text the pages' policy forbids to run. */
  const holds = (page: Page, condition: string) =>
    until(async () => (await page.evaluate(condition)) === true);
  const failedText = (page: Page) => page.getByText('The server cannot be reached');

  test(`the first page needs at most ${MOST_BYTES / 1_000} kB of JavaScript, and neither map nor desk`, async () => {
    for (const locale of ['en-GB', 'de-DE']) {
      const page = await visitors.open(undefined, { locale });
      const scripts: [name: string, bytes: number][] = [];
      page.on('requestfinished', async (request) => {
        if (request.resourceType() !== 'script') return;
        const name = request.url().split('/').at(-1)!;
        scripts.push([name, (await request.sizes()).responseBodySize]);
      });
      await page.goto('/', { waitUntil: 'networkidle' });
      await page.getByRole('searchbox').waitFor();
      const total = scripts.reduce((sum, [, bytes]) => sum + bytes, 0);
      assert.ok(total > 50_000 && total <= MOST_BYTES, `${locale}: ${total} bytes: ${scripts.join(' ')}`);
      assert.doesNotMatch(scripts.join(' '), /map-|desk|socket|esm-/);
    }
  });

  test('without JavaScript an event can be read, and found', async () => {
    const context = await browser.newContext({ baseURL: app.url, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto('/');
    await page.getByRole('link', { name: TITLE }).click();
    await page.getByRole('heading', { level: 1, name: TITLE }).waitFor();
    for (const text of ['from €20.00', 'Hall', 'Bring a friend.'])
      assert.ok(await page.getByText(text).first().isVisible(), text);
    await context.close();
  });

  test('the sections of a hall are there before its seats', async () => {
    const page = await visitors.open();
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/seat-map*', async (route) => {
      await asked;
      await route.continue();
    });
    await page.goto(event);
    const outline = page.locator('#main .hall-outline path');
    await outline.first().waitFor();
    assert.ok((await outline.first().boundingBox())!.width > 100);
    if (FOLDER) await page.screenshot({ path: `${FOLDER}/outline.png` });
    answer();
    await page.locator('.map-frame canvas').waitFor();
    assert.equal(await outline.count(), 0);
  });

  test('an answer that does not come keeps nobody from the rest of the app', async () => {
    const page = await visitors.open();
    await page.route('**/api/v1/events/upcoming*', () => {});
    await page.goto('/');
    await page.getByRole('searchbox').waitFor({ timeout: 15_000 });
  });

  test('after a change of the page its heading has the focus, and going back leads to where one was', async () => {
    const page = await visitors.open(undefined, { viewport: { width: 1280, height: 400 } });
    await page.goto('/');
    await page.getByRole('searchbox').waitFor();
    const card = page.getByRole('link', { name: TITLE });
    await card.scrollIntoViewIfNeeded();
    const left = await page.evaluate('scrollY');
    assert.ok(Number(left) > 0);
    await card.click();
    await page.getByRole('heading', { level: 1, name: TITLE }).waitFor();
    await holds(page, 'document.activeElement.tagName === "H1"');
    assert.deepEqual([await page.title(), await page.evaluate('scrollY')], [`${TITLE} · Evently`, 0]);
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Find your seat.' }).waitFor();
    await holds(page, 'document.activeElement.tagName === "H1"');
    await holds(page, `scrollY === ${left}`);
    assert.equal(await page.title(), 'Events · Evently');
  });

  test('whoever goes through the tabs of the desk stays at them', async () => {
    const page = await visitors.open(organizer);
    await page.goto('/desk');
    await page.getByRole('link', { name: 'Venues' }).click();
    await page.waitForURL(/desk\/venues/);
    await page.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Venues');
    await page.goto(`/desk${event}/sales`);
    await holds(page, `document.title === 'Sales · ${TITLE} · Evently'`);
    await page.getByRole('link', { name: 'Details' }).click();
    await holds(page, `document.title === '${TITLE} · Evently'`);
  });

  test('a page whose code cannot be fetched keeps the frame, says so, and comes when the server is back', async () => {
    const page = await visitors.open();
    await page.goto('/');
    await page.getByRole('searchbox').waitFor();
    await page.route('**/assets/login-page-*.js', (route) => route.abort());
    await page.getByRole('link', { name: 'Log in' }).click();
    await failedText(page).waitFor();
    assert.ok(await page.getByRole('link', { name: 'Events' }).isVisible());
    await page.unroute('**/assets/login-page-*.js');
    await page.getByLabel('Password').waitFor();
    assert.equal(await failedText(page).count(), 0);
  });

  test('what could not be fetched comes when the server is back', async () => {
    const page = await visitors.open();
    await page.route('**/api/v1/events/upcoming*', (route) => route.abort());
    await page.goto('/');
    await failedText(page).waitFor();
    await page.unroute('**/api/v1/events/upcoming*');
    await page.getByRole('link', { name: TITLE }).waitFor();
  });
});
