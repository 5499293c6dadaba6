import assert from 'node:assert/strict';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { openBrowser, PHONE, Visitors } from '../support/browser.js';
import { openSale, plainHall, realHall, type Sale } from '../support/halls.js';
import { describeWith } from '../support/needing.js';
import { note } from '../support/note.js';
import { until } from '../support/until.js';

describeWith('chromium')('choosing places', () => {
  let app: TestApp;
  let browser: Browser;
  let sale: Sale;
  let visitors: Visitors;

  beforeAll(async () => {
    app = await startApp();
    browser = await openBrowser();
    visitors = new Visitors(browser, app.url);
    sale = await openSale(app, realHall());
  });
  afterAll(async () => {
    await browser?.close();
    await app.close();
  });

  const open: Visitors['open'] = (...who) => visitors.open(...who);
  const canvas = (page: Page) => page.locator('.map-frame canvas');
  const scrolled = (page: Page) => page.evaluate<number>('scrollY');
  const middleOf = async (page: Page) => {
    await canvas(page).scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await canvas(page).boundingBox())!;
    return { x: x + width / 2, y: y + height / 2 };
  };
  const go = async (page: Page, { eventId }: Sale, search = '') => {
    await page.goto(`/events/${eventId}${search}`);
    await page.getByText('Live', { exact: true }).waitFor();
  };

  test('the page scrolls over a map at rest; Ctrl and the wheel zoom it, and then it takes the wheel', async () => {
    const page = await open();
    await go(page, sale);
    const at = await middleOf(page);
    await page.mouse.move(at.x, at.y);
    const before = await scrolled(page);
    await page.mouse.wheel(0, 60);
    await until(async () => (await scrolled(page)) > before);
    await page.getByText('Hold Ctrl and turn the wheel to zoom.').waitFor();
    const there = await scrolled(page);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -300);
    await page.keyboard.up('Control');
    await page.mouse.wheel(0, -100);
    await page.waitForTimeout(200);
    assert.equal(await scrolled(page), there);
    // With the keyboard all the way out, and the page scrolls once more.
    await canvas(page).focus();
    await page.keyboard.press('0');
    await page.mouse.wheel(0, 60);
    await until(async () => (await scrolled(page)) > there);
  });

  test('a finger comes close first, then names the seat, and then chooses it', async () => {
    const page = await open(undefined, { viewport: PHONE, hasTouch: true });
    await go(page, sale);
    const card = page.locator('.map-card');
    const at = await middleOf(page);
    // Into a section, close to its seats, and onto one of them, wherever that is.
    for (let i = 0; i < 60 && !(await card.isVisible()); i++)
      await page.touchscreen.tap(at.x - 100 + ((i * 37) % 200), at.y - 90 + ((i * 23) % 180));
    assert.match((await card.textContent())!, /^Block .*, row .*, seat .*€/);
    assert.equal(await page.getByText('1 place chosen').count(), 0);
    await card.getByRole('button', { name: 'Choose' }).click();
    await page.getByText('1 place chosen').waitFor();
  });

  test('a standing area is on the map, and its card takes places of it', async () => {
    const page = await open();
    await go(page, sale);
    await middleOf(page);
    const { x, y, width, height } = (await canvas(page).boundingBox())!;
    const card = page.locator('.map-card');
    for (let part = 0.95; part > 0.5 && !(await card.isVisible()); part -= 0.02) {
      // A click beside it comes closer.
      await page.getByRole('button', { name: 'Show the whole hall' }).click();
      await page.mouse.click(x + width * 0.4, y + height * part);
    }
    assert.match((await card.textContent())!, /^Stehplatz/);
    await card.getByRole('button', { name: 'One more: Stehplatz' }).click();
    await page.getByText('1 place chosen').waitFor();
  });

  test('the best places are shown first, others when they are wanted, and then taken', async () => {
    const [ada] = await app.people(1);
    const page = await open(ada);
    await go(page, sale);
    await page.getByText('Best available').click();
    await page.getByRole('button', { name: 'Show the best places' }).click();
    const proposal = page.locator('.proposal');
    await proposal.getByText('Next to each other').waitFor();
    const first = await proposal.locator('li').allTextContents();
    assert.equal((await ada.client.get('/bookings')).body.total, 0, 'nothing is held yet');
    await page.getByRole('button', { name: 'Others' }).click();
    await until(async () => (await proposal.locator('li').allTextContents()).join() !== first.join());
    const second = await proposal.locator('li').first().textContent();
    await page.getByRole('button', { name: 'Take them' }).click();
    await page.waitForURL(/\/checkout$/);
    const { data } = (await ada.client.get('/bookings')).body;
    assert.equal(data[0].items.length, 2);
    assert.ok(second);
  });

  test('a budget and a wish for neighbours narrow the hall, and the best places keep to the budget', async () => {
    const hall = plainHall(60, 6);
    const priceTiers = hall.plan.categories.map(({ name }, i) => ({
      name,
      category: name,
      price: 1000 * (i + 1),
    }));
    const { eventId } = await openSale(app, hall, { priceTiers });
    const [ada] = await app.people(1);
    const page = await open();
    await go(page, { eventId } as Sale);
    const sections = () => page.locator('.section-head').allTextContents();
    const shows = (...wanted: string[]) =>
      until(async () => (await sections()).join('; ') === wanted.join('; '));
    await page.getByRole('button', { name: 'List', exact: true }).click();
    await shows(
      'B0120 free seats · from €10.00',
      'B1120 free seats · from €20.00',
      'B2120 free seats · from €30.00',
    );
    const press = async (handle: string, key: string) => {
      await page.getByRole('slider', { name: handle }).focus();
      await page.keyboard.press(key);
    };
    await press('Price up to', 'ArrowLeft');
    await press('Price from', 'ArrowRight');
    assert.equal(
      await page.getByRole('slider', { name: 'Price from' }).getAttribute('aria-valuetext'),
      '€20.00',
    );
    await shows('B1120 free seats · from €20.00');
    // The lower handle does not pass the upper one.
    await press('Price from', 'ArrowRight');
    await shows('B1120 free seats · from €20.00');
    await page.getByText('Best available').click();
    assert.deepEqual(await page.getByLabel('Category').locator('option').allTextContents(), [
      'Any category',
      'C1 · €20.00',
    ]);
    await page.getByRole('button', { name: 'Show the best places' }).click();
    assert.match((await page.locator('.proposal li').first().textContent())!, /^B1, .*€20\.00$/);

    const beside = page.getByRole('combobox', { name: 'Free seats side by side' });
    await beside.selectOption('3 side by side');
    await shows('B1120 free seats · from €20.00');
    // The third seat of a row of six goes: two are left on one side of it, three on the other.
    await ada.client.post(`/events/${eventId}/holds`, { seats: [122] });
    await shows('B1117 free seats · from €20.00');
    await ada.client.post(`/events/${eventId}/holds`, { seats: [125] });
    await shows('B1114 free seats · from €20.00');
    await beside.selectOption('8 side by side');
    await page.getByText('No free seat is like that.').waitFor();
    await beside.selectOption('');
    await shows('B1118 free seats · from €20.00');
  });

  test('what is kept for a buyer is told on every page and in every tab; a second hold asks', async () => {
    const [ada] = await app.people(1);
    const { body: held } = await ada.client.post(`/events/${sale.eventId}/holds`, { seats: [500, 501] });
    const page = await open(ada);
    await page.goto('/');
    const bar = page.getByRole('complementary', { name: 'Places kept for you' });
    await bar.getByText('2 places are kept for you').waitFor();
    await go(page, sale, '?seats=502');
    await page.getByText('yours', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Continue to payment' }).click();
    await page.getByRole('button', { name: 'Take the new places instead' }).click();
    await page.waitForURL(/\/checkout$/);
    assert.equal((await ada.client.get(`/bookings/${held.id}`)).body.status, 'released');
    await page.goto('/account');
    await bar.getByText('1 place is kept for you').waitFor();
    await bar.getByRole('link', { name: 'Continue to payment' }).click();
    await page.waitForURL(/\/checkout$/);
    // The checkout says so itself.
    await bar.waitFor({ state: 'detached' });
  });

  test('a shared address says how many of its places are gone', async () => {
    const [ada] = await app.people(1);
    await ada.client.post(`/events/${sale.eventId}/holds`, { seats: [600, 601] });
    const page = await open();
    await go(page, sale, '?seats=600,601,602');
    await page.getByText('2 places of this link are not free any more.').waitFor();
    await page.getByText('1 place chosen').waitFor();
  });

  test('the last place is gone: the page offers the line instead of a choice', async () => {
    const small = await openSale(app, plainHall(1, 2));
    const page = await open();
    await go(page, small);
    await page.getByText('Nothing chosen yet').waitFor();
    const [ada] = await app.people(1);
    await ada.client.post(`/events/${small.eventId}/holds`, { seats: [0, 1] });
    await page.getByRole('heading', { name: 'Sold out' }).waitFor();
    await page.getByRole('button', { name: 'Join the line' }).waitFor();
    assert.equal(await page.getByText('Nothing chosen yet').count(), 0);
  });

  test('an open page learns that its event is called off, and that its sale begins', async () => {
    const small = await openSale(app, plainHall(1, 4));
    const { client } = small.organizer;
    const page = await open();
    await go(page, small);
    const set = async (body: object) => {
      const { headers } = await client.get(`/events/${small.eventId}`);
      const { status } = await client.patch(`/events/${small.eventId}`, body, { 'if-match': headers.etag! });
      assert.equal(status, 200);
    };
    await set({ saleStartsAt: new Date(Date.now() + 30_000).toISOString() });
    await page.getByText('Tickets are on sale from').waitFor();
    await page
      .getByRole('timer')
      .filter({ hasText: /^00:00:[0-2]\d$/ })
      .waitFor();
    await set({ saleStartsAt: null });
    await page.getByText('Tickets are on sale from').waitFor({ state: 'detached' });
    const began = performance.now();
    assert.equal((await client.post(`/events/${small.eventId}/cancel`, { reason: 'Rain' })).status, 200);
    await page.getByText('Rain').waitFor();
    note(`from the cancellation to the open page: ${Math.round(performance.now() - began)} ms`);
    assert.equal(await canvas(page).count(), 0);
  });
});
