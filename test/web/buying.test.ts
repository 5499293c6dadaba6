import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { TicketsService } from '../../src/tickets/tickets.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { assertAuditClean } from '../support/audit.js';
import { openBrowser, tabTo, Visitors } from '../support/browser.js';
import { openSale, plainHall, realHall, type Sale } from '../support/halls.js';
import { card, charges } from '../support/money.js';
import { describeWith } from '../support/needing.js';
import { note } from '../support/note.js';
import type { Person } from '../support/people.js';
import { findFree, payWith } from '../support/shop-pages.js';

/** A hall of two rows, which shows all of its seats at once. */
const small = () => plainHall(2, 5);

describeWith('chromium')('buying in the web app', () => {
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
    await assertAuditClean(app);
    await app.close();
  });

  const open: Visitors['open'] = (...who) => visitors.open(...who);
  const asList = (page: Page) => page.getByRole('button', { name: 'List', exact: true }).click();
  const seat = (page: Page, section: string, row: string, number: string) =>
    page
      .getByRole('listitem')
      .filter({ has: page.getByRole('button', { name: new RegExp(`^${section}`) }) })
      .getByRole('button', { name: new RegExp(`^Row ${row}, seat ${number},`) });

  test('two buyers, two pages: one holds, the other sees it', async () => {
    const [ada, ben] = await app.people(2);
    const [one, two] = [await open(ada), await open(ben)];
    for (const page of [one, two]) {
      await page.goto(`/events/${sale.eventId}`);
      await asList(page);
      await page.getByRole('button', { name: /^Block B/ }).click();
    }
    await two.getByText('Live', { exact: true }).waitFor();
    const mine = seat(one, 'Block B', '10', '5');
    await mine.click();
    const seen = seat(two, 'Block B', '10', '5');
    assert.match((await seen.getAttribute('aria-label'))!, /€20\.00, free$/);
    const began = performance.now();
    await one.getByRole('button', { name: 'Continue to payment' }).click();
    await two.getByRole('button', { name: /^Row 10, seat 5, .*being bought$/ }).waitFor();
    note(`from the click to the other page: ${Math.round(performance.now() - began)} ms`);
    await one.waitForURL(/\/checkout$/);
  });

  test('who was quicker keeps the seat, the other is told which one is gone', async () => {
    const [ada, ben] = await app.people(2);
    const page = await open(ben);
    await page.goto(`/events/${sale.eventId}?seats=300,301`);
    await page.getByRole('status').filter({ hasText: '2 places chosen' }).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    // Its news of others' seats does not arrive.
    await page.context().setOffline(true);
    await ada.client.post(`/events/${sale.eventId}/holds`, { seats: [300] });
    await page.context().setOffline(false);
    await page
      .getByText('Somebody else just took')
      .or(page.getByText('was just taken by somebody else'))
      .first()
      .waitFor();
    await page.getByRole('status').filter({ hasText: '1 place chosen' }).waitFor();
  });

  test('the whole purchase: an account, a seat on the map, a declined card, a second step, tickets, giving one back', async () => {
    const page = await open();
    await page.goto('/');
    await page.getByRole('searchbox').fill('final');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '1 event' }).waitFor();
    await page.getByRole('link', { name: 'Final' }).click();
    await page.locator('.map-frame canvas').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    const at = await findFree(page);
    await page.mouse.click(at.x, at.y);
    await page.getByRole('button', { name: /^One more: / }).click();
    await page.getByRole('status').filter({ hasText: '2 places chosen' }).waitFor();
    await page.getByRole('button', { name: 'Log in and continue' }).click();

    await page.getByText(/^Waiting for you: Block .*, seat .*; 1 × Stehplatz/).waitFor();
    await page.getByRole('link', { name: 'New here? Create an account' }).click();
    await page.getByText(/^Waiting for you: /).waitFor();
    await page.getByLabel('Name').fill('Ada');
    await page.getByLabel('Email address').fill('ada@example.org');
    await page.getByLabel('Password').fill('a long enough sentence');
    await page.getByRole('button', { name: 'Create an account' }).click();
    // By itself.
    await page.waitForURL(/\/checkout$/);

    await page.getByRole('button', { name: 'Give me more time' }).click();
    await page.getByText('You have more time now.').waitFor();
    await payWith(page, '4000000000000002');
    await page.getByText('The bank declined the card.').waitFor();
    await page.getByText('2 tries left.').waitFor();
    await payWith(page, '4000002500003155');
    await page.getByRole('button', { name: 'Confirm the payment' }).click();
    await page.getByText('You are in.').waitFor();
    await page
      .getByRole('img', { name: /^QR code of ticket/ })
      .first()
      .waitFor();
    assert.equal(await page.locator('.ticket').count(), 2);
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Tickets as PDF' }).click(),
    ]);
    assert.match(saved.suggestedFilename(), /^tickets-.*\.pdf$/);

    await page.getByRole('button', { name: 'Cancel tickets' }).click();
    await page.getByRole('dialog').getByRole('checkbox').first().check();
    await page.getByText(/^You get back €/).waitFor();
    await page.getByRole('button', { name: 'Cancel 1 ticket' }).click();
    await page.getByText('paid back').waitFor();
  });

  test('a seat has the same name on the map, in the choice, at the checkout, on the ticket, when given back and at the door', async () => {
    const READERS = [
      { locale: 'en-GB', name: /^B0, row \d+, seat \d+$/, back: 'Cancel tickets', check: 'Check' },
      { locale: 'de-DE', name: /^B0, Reihe \d+, Platz \d+$/, back: 'Karten stornieren', check: 'Prüfen' },
    ];
    const { eventId, organizer } = await openSale(app, small());
    for (const { locale, name, back, check } of READERS) {
      const [ada] = await app.people(1);
      const page = await open(ada, { locale });
      await page.goto(`/events/${eventId}`);
      await page.locator('.map-frame canvas').waitFor();
      const at = await findFree(page);
      const tip = await page.locator('.map-tip span').first().innerText();
      assert.match(tip, name);
      await page.mouse.click(at.x, at.y);
      const chosen = page.locator('.choice .lines li');
      await chosen.waitFor();
      assert.ok((await chosen.innerText()).startsWith(tip));
      await page.locator('.choice .button.main').click();
      await page.waitForURL(/\/checkout$/);
      const [, id] = /bookings\/([^/]+)/.exec(page.url())!;
      assert.equal(await page.locator('aside .lines li span').first().innerText(), tip);
      assert.equal((await ada.client.post(`/bookings/${id}/checkout`, card())).status, 200);
      await app.nest.get(TicketsService).issue(eventId, id!);
      await page.goto(`/bookings/${id}`);
      assert.equal(await page.locator('.ticket h3').innerText(), tip);
      await page.getByRole('button', { name: back }).click();
      assert.ok((await page.getByRole('dialog').locator('label').innerText()).startsWith(`${tip} ·`));

      const door = await open(organizer, { locale });
      await door.goto(`/desk/events/${eventId}/check-in`);
      const [{ code }] = (await ada.client.get(`/bookings/${id}/tickets`)).body.data;
      await door.locator('input[name=code]').fill(code);
      await door.getByRole('button', { name: check, exact: true }).click();
      await door.getByText(tip, { exact: true }).waitFor();
    }
  });

  test('a seat without block and row goes by its number alone, in the list too', async () => {
    const hall = small();
    const [zone] = hall.plan.zones;
    const rows = zone!.rows.slice(0, 1).map((row) => ({ ...row, row_number: '' }));
    const { eventId } = await openSale(app, { plan: { ...hall.plan, zones: [{ ...zone, name: '', rows }] } });
    const [ada] = await app.people(1);
    const page = await open(ada);
    await page.goto(`/events/${eventId}`);
    await asList(page);
    await page.getByRole('button', { name: /^Seat 4, €20\.00, free$/ }).click();
    assert.equal(await page.locator('.seat-row').getAttribute('aria-label'), null);
    assert.match(await page.locator('.choice .lines').innerText(), /^Seat 4\n/);
  });

  /** A hall with a place that somebody holds, and the page on which it is paid. */
  async function openCart(person: Person, { beforeNews = async (_: Page) => {} } = {}) {
    const { eventId, organizer } = await openSale(app, small());
    const { status, body } = await person.client.post(`/events/${eventId}/holds`, { seats: [0] });
    assert.equal(status, 201);
    const page = await open(person);
    await beforeNews(page);
    await page.goto(`/bookings/${body.id}/checkout`);
    await page.getByText('Kept for you').waitFor();
    return { eventId, organizer, id: body.id as string, page };
  }
  const TWO_STEPS = '4000002500003155';
  const secondStep = (page: Page) => page.getByRole('heading', { name: 'One more step' });

  test('a second step goes on in another browser, or is ended by another card in another tab: paid once, and all pages say so', async () => {
    const [ada] = await app.people(1);
    const first = await openCart(ada);
    await payWith(first.page, TWO_STEPS);
    await secondStep(first.page).waitFor();
    const phone = await open(ada);
    await phone.goto('/bookings');
    await phone.getByRole('link', { name: 'Continue the payment' }).click();
    await secondStep(phone).waitFor();
    await phone.getByRole('button', { name: 'Confirm the payment' }).click();
    for (const page of [phone, first.page]) await page.getByText('You are in.').waitFor();
    assert.deepEqual(await charges(app, first.id), [{ state: 'captured', amount: 2_000, refunded: 0 }]);

    const second = await openCart(ada);
    await payWith(second.page, TWO_STEPS);
    await secondStep(second.page).waitFor();
    const tab = await second.page.context().newPage();
    await tab.goto(`/bookings/${second.id}/checkout`);
    await tab.getByRole('button', { name: 'Use another card' }).click();
    await tab.getByText('A payment still waits for your bank.').waitFor();
    await payWith(tab, '4242424242424242');
    for (const page of [tab, second.page]) await page.getByText('You are in.').waitFor();
    assert.deepEqual(
      (await charges(app, second.id)).map(({ state }) => state),
      ['voided', 'captured'],
    );
  });

  test('a cart says at once why it is over: given back elsewhere, released by the organizer, event called off', async () => {
    const [ada] = await app.people(1);
    const says = (page: Page, words: string) =>
      page.getByRole('heading', { name: words, exact: true }).waitFor();
    const returned = await openCart(ada);
    assert.equal((await ada.client.delete(`/bookings/${returned.id}`)).status, 204);
    await says(returned.page, 'You gave the places back');
    await returned.page.getByRole('link', { name: 'Choose again' }).click();
    await returned.page.waitForURL(`/events/${returned.eventId}`);

    const taken = await openCart(ada);
    assert.equal((await taken.organizer.client.delete(`/bookings/${taken.id}`)).status, 204);
    await says(taken.page, 'The organizer released the places');
    await taken.page.getByText('They are free again. Nothing was charged.').waitFor();

    for (const step of ['before paying', 'in the second step']) {
      const { page, organizer, eventId } = await openCart(ada);
      if (step === 'in the second step') {
        await payWith(page, TWO_STEPS);
        await secondStep(page).waitFor();
      }
      const off = { reason: 'The hall was flooded.' };
      assert.equal((await organizer.client.post(`/events/${eventId}/cancel`, off)).status, 200);
      await says(page, 'The event was cancelled');
      await page.getByText('The hall was flooded. Nothing was charged.').waitFor();
      await page.getByRole('link', { name: 'Look at other events' }).waitFor();
      assert.equal(await page.getByRole('button', { name: /^Pay / }).count(), 0, step);
    }
  });

  test('a page asks again when its connection for news opens: before that nobody told it anything', async () => {
    const [ada] = await app.people(1);
    let letThrough = () => {};
    const through = new Promise<void>((let_) => {
      letThrough = let_;
    });
    const { page, organizer, id } = await openCart(ada, {
      beforeNews: (page) =>
        page.routeWebSocket(/\/socket\.io\//, async (socket) => {
          await through;
          socket.connectToServer();
        }),
    });
    assert.equal((await organizer.client.delete(`/bookings/${id}`)).status, 204);
    letThrough();
    await page.getByRole('heading', { name: 'The organizer released the places' }).waitFor();
  });

  test('by keyboard alone: list, hold, card, tickets', async () => {
    const [ada] = await app.people(1);
    const page = await open(ada);
    const { eventId } = await openSale(app, small());
    await page.goto(`/events/${eventId}`);
    await page.getByText('Live', { exact: true }).waitFor();
    await tabTo(page, /^List$/);
    await page.keyboard.press('Enter');
    await tabTo(page, /^B0/);
    if ((await page.locator('*:focus').getAttribute('aria-expanded')) === 'false')
      await page.keyboard.press('Enter');
    await tabTo(page, /^Row 1, seat 1,/);
    for (const key of ['ArrowRight', 'ArrowDown', 'Enter', 'ArrowRight', 'Space', 'Home'])
      await page.keyboard.press(key);
    assert.match((await page.locator('*:focus').getAttribute('aria-label'))!, /^Row 2, seat 1, .*free/);
    await tabTo(page, /^Continue to payment$/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/checkout$/);
    await page.getByRole('heading', { name: 'Payment' }).waitFor();
    for (const [field, text] of [
      [/^Card number/, '4242424242424242'],
      [/^Valid until/, '1230'],
      [/^Security code/, '123'],
    ] as const) {
      await tabTo(page, field);
      await page.keyboard.type(text);
    }
    await page.keyboard.press('Enter');
    await page.getByText('You are in.').waitFor();
    // They are made a moment later.
    await page.locator('.ticket').nth(1).waitFor();
    const tickets = await page.locator('.ticket h3').allTextContents();
    assert.deepEqual(tickets, ['B0, row 2, seat 2', 'B0, row 2, seat 3']);
  });

  test('an offer from the waitlist reaches the page, is accepted and paid', async () => {
    const { eventId } = await openSale(app, small());
    const [seller, waiting] = await app.people(2);
    const all = { seats: Array.from({ length: 10 }, (_, n) => n) };
    const hold = await seller.client.post(`/events/${eventId}/holds`, all);
    assert.equal(hold.status, 201);
    const page = await open(waiting);
    await page.goto(`/events/${eventId}`);
    await page.getByRole('button', { name: 'Join the line' }).click();
    await page.getByText('You are in the line.').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Waitlist' }).click();
    await page.getByText('Place 1 in the line').waitFor();
    assert.equal((await seller.client.delete(`/bookings/${hold.body.id}`)).status, 204);
    await page.getByRole('button', { name: 'Accept and pay' }).click();
    await page.waitForURL(/\/checkout$/);
    await payWith(page, '4242424242424242');
    await page.getByText('You are in.').waitFor();
  });

  test('the widget shows the map on a page of another origin, and there one buys without leaving it', async () => {
    const { eventId } = await openSale(app, small());
    const body = `<!doctype html><title>Club</title><h1>Our club</h1><script src="${app.url}/embed.js" data-event="${eventId}"></script>`;
    const club: Server = createServer((_, response) =>
      response.setHeader('Content-Type', 'text/html').end(body),
    );
    await new Promise<void>((listening) => club.listen(0, '127.0.0.1', listening));
    try {
      const page = await open();
      await page.goto(`http://127.0.0.1:${(club.address() as AddressInfo).port}/`);
      const widget = page.frameLocator('iframe');
      await widget.getByText('Live', { exact: true }).waitFor();
      await widget.getByRole('button', { name: 'List' }).click();
      const section = widget.getByRole('button', { name: /^B0/ });
      if ((await section.getAttribute('aria-expanded')) === 'false') await section.click();
      await widget.getByRole('button', { name: /^Row 2, seat 4,/ }).click();
      const [frame, content] = await Promise.all(
        [page.locator('iframe'), widget.locator('.embed')].map((part) => part.boundingBox()),
      );
      assert.ok(Math.abs(frame!.height - content!.height) < 2, 'as high as its content');
      await widget.getByRole('button', { name: 'Log in and continue' }).click();
      await widget.getByText('Waiting for you: B0, row 2, seat 4').waitFor();
      await widget.getByRole('link', { name: 'New here? Create an account' }).click();
      await widget.getByLabel('Name').fill('Eve');
      await widget.getByLabel('Email address').fill('eve@example.org');
      await widget.getByLabel('Password').fill('a long enough sentence');
      await widget.getByRole('button', { name: 'Create an account' }).click();
      await payWith(widget, '4242424242424242');
      await widget.getByText('You are in.').waitFor();
      await widget.getByRole('heading', { name: 'B0, row 2, seat 4' }).waitFor();
      assert.equal(page.context().pages().length, 1, 'no tab was opened');
      await page.goto('about:blank');
    } finally {
      club.close();
    }
  });

  test('no page has complained', async () => {
    assert.deepEqual(await visitors.leave(), []);
  });
});
