import assert from 'node:assert/strict';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { openBrowser, PHONE, Visitors } from '../support/browser.js';
import { openSale, plainHall } from '../support/halls.js';
import { card } from '../support/money.js';
import { describeWith } from '../support/needing.js';
import type { Person } from '../support/people.js';
import { payWith } from '../support/shop-pages.js';
import { until } from '../support/until.js';

const TITLE = 'Night of the long songs';
const hall = () => plainHall(2, 10);

describeWith('chromium')('what a page says, and when', () => {
  let app: TestApp;
  let browser: Browser;
  let visitors: Visitors;

  beforeAll(async () => {
    app = await startApp();
    browser = await openBrowser();
    visitors = new Visitors(browser, app.url);
  });
  afterAll(async () => {
    await visitors?.leave();
    await browser?.close();
    await app.close();
  });

  async function buy(person: Person, eventId: string, quantity: number) {
    const { body } = await person.client.post(`/events/${eventId}/holds`, { best: { quantity } });
    assert.equal((await person.client.post(`/bookings/${body.id}/checkout`, card())).status, 200);
    return (await person.client.get(`/bookings/${body.id}`)).body;
  }
  /** The page is one that nobody looks at, as far as it can tell. */
  const hide = (page: Page, hidden: boolean) =>
    page.evaluate(
      `Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
       document.dispatchEvent(new Event('visibilitychange'))`,
    );

  test('the title has the time that is left: in the last minute, and while another tab is looked at', async () => {
    const [ada, ben] = await app.people(2);
    const short = await openSale(app, hall(), { title: TITLE, holdSeconds: 50 });
    const { body: held } = await ada.client.post(`/events/${short.eventId}/holds`, { seats: [0] });
    const page = await visitors.open(ada);
    await page.goto(`/bookings/${held.id}/checkout`);
    await until(async () => /^0:\d\d · Checkout · /.test(await page.title()));
    await page.goto('/');
    await until(async () => /^0:\d\d · Events · /.test(await page.title()));
    assert.equal((await ada.client.delete(`/bookings/${held.id}`)).status, 204);
    await until(async () => /^Events · /.test(await page.title()));

    const long = await openSale(app, hall(), { title: TITLE });
    await ben.client.post(`/events/${long.eventId}/holds`, { seats: [0] });
    const other = await visitors.open(ben);
    await other.goto('/');
    await other.getByText('1 place is kept for you').waitFor();
    assert.match(await other.title(), /^Events · /);
    await hide(other, true);
    await until(async () => /^9:\d\d · Events · /.test(await other.title()));
    await hide(other, false);
    await until(async () => /^Events · /.test(await other.title()));
  });

  test('nobody is told what was just done in the same tab; another tab is', async () => {
    const [ada] = await app.people(1);
    const sale = await openSale(app, hall(), { title: TITLE });
    const { body: held } = await ada.client.post(`/events/${sale.eventId}/holds`, { seats: [0] });
    const [page, other] = [await visitors.open(ada), await visitors.open(ada)];
    await other.goto('/');
    await other.getByText('1 place is kept for you').waitFor();
    await page.goto(`/bookings/${held.id}/checkout`);
    await payWith(page, '4242 4242 4242 4242');
    await page.getByText('You are in.').waitFor();
    await other.locator('.toast').getByText(TITLE).waitFor();
    const news = async () => (await ada.client.get('/notifications')).body;
    await until(async () => (await news()).data[0]?.readAt);
    const { data, unread } = await news();
    assert.deepEqual([data[0].kind, unread], ['booking.confirmed', 0]);
    assert.equal(await page.locator('.toast').count(), 0);
    await page.getByRole('link', { name: 'Notifications', exact: true }).waitFor();
  });

  test('tickets that are gone meanwhile are not asked a refund for', async () => {
    const [ada] = await app.people(1);
    const sale = await openSale(app, hall(), { title: TITLE });
    const booking = await buy(ada, sale.eventId, 3);
    const page = await visitors.open(ada);
    const refused: string[] = [];
    page.on('response', (answer) => {
      if (answer.status() >= 400) refused.push(`${answer.status()} ${answer.url()}`);
    });
    await page.goto(`/bookings/${booking.id}`);
    await page.getByRole('button', { name: 'Cancel tickets' }).click();
    const boxes = page.getByRole('dialog').getByRole('checkbox');
    await boxes.nth(0).check();
    await page.getByText('You get back €20.00 of €20.00.').waitFor();
    await ada.client.post(`/bookings/${booking.id}/cancel`, { items: [booking.items[0].id] });
    await until(async () => (await boxes.count()) === 2);
    assert.equal(await boxes.nth(0).isChecked(), false);
    await boxes.nth(0).check();
    await page.getByText('You get back €20.00 of €20.00.').waitFor();
    await page.getByRole('button', { name: 'Cancel 1 ticket' }).click();
    await page.getByText('Cancelled. €20.00 goes back').waitFor();
    assert.deepEqual(refused, []);
  });

  test('a toast covers no code', async () => {
    const [ada] = await app.people(1);
    const sale = await openSale(app, hall(), { title: TITLE });
    await buy(ada, sale.eventId, 4);
    const page = await visitors.open(ada, { viewport: PHONE });
    await page.goto('/tickets');
    const codes = page.locator('.qr');
    await codes.nth(2).waitFor();
    // A code where toasts stand otherwise.
    await page.evaluate(
      `scrollBy(0, document.querySelectorAll('.qr')[1].getBoundingClientRect().bottom - innerHeight + 5)`,
    );
    const { headers } = await sale.organizer.client.get(`/events/${sale.eventId}`);
    const later = new Date(Date.parse(sale.event.startsAt) + 1_800_000).toISOString();
    const edited = await sale.organizer.client.patch(
      `/events/${sale.eventId}`,
      { startsAt: later },
      { 'if-match': headers.etag! },
    );
    assert.equal(edited.status, 200);
    const toast = page.locator('.toast').first();
    await toast.waitFor();
    const covers = async () => {
      const box = (await toast.boundingBox())!;
      const all = await Promise.all((await codes.all()).map((code) => code.boundingBox()));
      return all.some((code) => code && code.y < box.y + box.height && code.y + code.height > box.y);
    };
    assert.equal(await covers(), false);
    const { y } = (await toast.boundingBox())!;
    assert.ok(y >= 0);
    await page.mouse.wheel(0, 120);
    await until(async () => !(await covers()));
  });
});
