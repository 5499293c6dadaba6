import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { TicketsService } from '../../src/tickets/tickets.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { assertAuditClean } from '../support/audit.js';
import { openBrowser, PHONE, Visitors } from '../support/browser.js';
import type { Json } from '../support/client.js';
import { openSale, plainHall, type Sale } from '../support/halls.js';
import { card } from '../support/money.js';
import { describeWith } from '../support/needing.js';
import type { Person } from '../support/people.js';
import { payWith } from '../support/shop-pages.js';
import { until } from '../support/until.js';

const PASSWORD = 'a long enough sentence';

describeWith('chromium')('an account in the web app', () => {
  let app: TestApp;
  let browser: Browser;
  let sale: Sale;
  let visitors: Visitors;

  beforeAll(async () => {
    app = await startApp({ payments: { timeoutMs: 700 } });
    browser = await openBrowser();
    visitors = new Visitors(browser, app.url);
    sale = await openSale(app, plainHall(4, 10), { title: 'Final', priceTiers: TIERS });
  });
  afterAll(async () => {
    await browser?.close();
    await assertAuditClean(app);
    await app.close();
  });

  const open: Visitors['open'] = (...who) => visitors.open(...who);
  const hold = async ({ client }: Person, quantity: number): Promise<Json> => {
    const { status, body } = await client.post(`/events/${sale.eventId}/holds`, { best: { quantity } });
    assert.equal(status, 201);
    return body;
  };
  async function buy(person: Person, quantity: number): Promise<Json> {
    const booking = await hold(person, quantity);
    assert.equal((await person.client.post(`/bookings/${booking.id}/checkout`, card())).status, 200);
    await app.nest.get(TicketsService).issue(sale.eventId, booking.id);
    return booking;
  }
  /** The address in a mail, on this server. */
  async function linkTo(to: string, path: string): Promise<string> {
    let found: string | undefined;
    await until(async () => {
      const mails = await (await fetch(`${app.url}/dev/mail.json?to=${encodeURIComponent(to)}`)).json();
      found = (mails as Json[])
        .map(({ text }) => new RegExp(`/${path}\\?\\S+`).exec(text)?.[0])
        .find(Boolean);
      return found !== undefined;
    });
    return found!;
  }
  const toast = (page: Page, text: string) => page.getByText(text, { exact: true }).waitFor();

  test('a ticket is passed on: offered, taken back, offered again, accepted by somebody new here', async () => {
    const [ada] = await app.people(1);
    const booking = await buy(ada, 2);
    const page = await open(ada);
    await page.goto('/tickets');
    const first = page.getByRole('listitem').first();
    const seat = await first.getByRole('heading').innerText();
    const offer = async (email: string) => {
      await first.getByRole('button', { name: 'Pass on' }).click();
      await page.getByLabel('Email address').fill(email);
      await page.getByRole('button', { name: 'Offer the ticket' }).click();
    };
    await offer(ada.email);
    await page.getByText('A ticket cannot be passed on to yourself.').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await offer('ben@example.org');
    await toast(page, 'Offered to ben@example.org.');
    await first.getByRole('button', { name: 'Withdraw' }).click();
    await offer('ben@example.org');
    await first.getByText(/^Offered to ben@example.org until/).waitFor();

    const other = await open();
    await other.goto(await linkTo('ben@example.org', 'tickets'));
    await other.getByRole('link', { name: 'New here? Create an account' }).click();
    await other.getByLabel('Name').fill('Ben');
    await other.getByLabel('Email address').fill('ben@example.org');
    await other.getByLabel('Password').fill(PASSWORD);
    await other.getByRole('button', { name: 'Create an account' }).click();
    await other.getByText('Confirm your address to see the ticket').waitFor();
    const mailbox = await other.context().newPage();
    await mailbox.goto(await linkTo('ben@example.org', 'verify'));
    await mailbox.getByRole('button', { name: 'Confirm your email address' }).click();
    await mailbox.getByText('Thank you, the address is confirmed.').waitFor();
    await other.bringToFront();
    await other.getByText('A ticket for Final').waitFor();
    await other.getByRole('button', { name: 'Accept' }).click();
    await toast(other, 'The ticket is yours.');
    await other.getByRole('img', { name: /^QR code of ticket/ }).waitFor();
    assert.equal(await other.locator('.ticket h3').innerText(), seat);
    await page.goto(`/bookings/${booking.id}`);
    await page.getByText('Passed on').waitFor();
    await page.getByRole('img', { name: /^QR code/ }).waitFor();
    assert.equal(await page.locator('.ticket .qr').count(), 1);

    await other.goto(await linkTo('ben@example.org', 'tickets'));
    await other.getByText('This offer is over').waitFor();
  });

  test('profile and notification preferences are kept', async () => {
    const [ada] = await app.people(1);
    const byMail = async (): Promise<string[]> => {
      const { data } = (await ada.client.get('/notifications/preferences')).body;
      return data.filter(({ mail }: Json) => mail).map(({ kind }: Json) => kind);
    };
    const before = await byMail();
    const page = await open(ada);
    await page.goto('/account');
    await page.getByLabel('Name').fill('Ada Lovelace');
    await page.getByLabel('Language of mails').selectOption('de');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await toast(page, 'Saved.');
    await page.reload();
    assert.equal(await page.getByLabel('Name').inputValue(), 'Ada Lovelace');
    assert.equal(await page.getByLabel('Language of mails').inputValue(), 'de');

    await page.getByRole('link', { name: 'Notification settings' }).click();
    const mail = page.getByRole('checkbox', { name: 'Reminder: By mail' });
    assert.equal(await mail.isChecked(), true);
    // Notifications about a seat or money are always shown.
    assert.equal(await page.getByRole('checkbox', { name: 'Event cancelled: Here' }).isDisabled(), true);
    await mail.click();
    await toast(page, 'Saved.');
    await page.reload();
    await mail.waitFor();
    assert.equal(await mail.isChecked(), false);
    assert.deepEqual(
      await byMail(),
      before.filter((kind) => kind !== 'event.reminder'),
    );
  });

  test('somebody takes all data along and erases the account', async () => {
    const email = 'eve@example.org';
    const body = { email, password: PASSWORD, name: 'Eve' };
    assert.equal((await app.client().post('/auth/register', body)).status, 201);
    const page = await open();
    await page.goto('/login?next=/account');
    const logIn = async () => {
      await page.getByLabel('Email address').fill(email);
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('main').getByRole('button', { name: 'Log in', exact: true }).click();
    };
    await logIn();
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download all data about me' }).click(),
    ]);
    assert.equal(saved.suggestedFilename(), 'evently.json');
    assert.match(readFileSync((await saved.path())!, 'utf8'), /"email": ?"eve@example\.org"/);

    await page.getByRole('button', { name: 'Delete the account' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('Current password').fill('not this one');
    await sheet.getByRole('button', { name: 'Delete for good' }).click();
    await sheet.getByText('The current password is wrong.').waitFor();
    await sheet.getByLabel('Current password').fill(PASSWORD);
    await sheet.getByRole('button', { name: 'Delete for good' }).click();
    await toast(page, 'The account is deleted.');
    await page.getByRole('searchbox').waitFor();
    await page.goto('/login');
    await logIn();
    await page.getByText('Email address and password do not match.').waitFor();
  });

  test('cards: one without money, one that never answers, one that is charged though the answer is lost', async () => {
    const [ada] = await app.people(1);
    const booking = await hold(ada, 2);
    const page = await open(ada);
    await page.goto(`/bookings/${booking.id}/checkout`);
    await page.getByText('Test cards').click();
    await page.getByRole('button', { name: 'Use 4000 0000 0000 9995' }).click();
    await page.getByRole('button', { name: /^Pay / }).click();
    await page.getByText('There is not enough money on the card.').waitFor();
    await page.getByText('2 tries left.').waitFor();
    await payWith(page, '4000000000000408');
    await page.getByText('Waiting for the bank …').waitFor();
    await page.getByText('The bank did not answer.').waitFor();
    await page.getByText('1 try left.').waitFor();
    await payWith(page, '4000000000000416');
    await page.getByText('Waiting for the bank …').waitFor();
    await page.getByText('You are in.').waitFor();
    await page.locator('.ticket').nth(1).waitFor();
  });

  test('a used ticket says when it was used, and its code is dimmed', async () => {
    const [ada] = await app.people(1);
    const booking = await buy(ada, 2);
    const [{ id, token }] = (await ada.client.get(`/bookings/${booking.id}/tickets`)).body.data;
    const scan = await sale.organizer.client.post(`/events/${sale.eventId}/check-in`, {
      token,
      gate: 'North',
    });
    assert.equal(scan.status, 200);
    const { checkedInAt } = (await ada.client.get(`/tickets/${id}`)).body;
    const page = await open(ada);
    await page.goto('/tickets');
    const used = page.locator('.ticket', { hasText: 'Used' });
    const valid = page.locator('.ticket', { hasText: 'Valid' });
    for (const ticket of [used, valid]) await ticket.getByRole('img', { name: /^QR code/ }).waitFor();
    const opacities = await page.evaluate(`Object.fromEntries(
      [...document.querySelectorAll('.ticket')].map((ticket) =>
        [ticket.querySelector('.badge').textContent, Number(getComputedStyle(ticket.querySelector('.qr img')).opacity)]))`);
    assert.deepEqual(opacities, { Used: 0.2, Valid: 1 });
    const at = new Date(checkedInAt).toLocaleTimeString('en-GB', {
      timeZone: 'Europe/Berlin',
      hour: '2-digit',
      minute: '2-digit',
    });
    await used.getByText(new RegExp(`^Used on .*${at}$`)).waitFor();
    assert.equal(await used.getByRole('button', { name: 'Pass on' }).count(), 0);
    assert.equal(await valid.getByText(/^Used on/).count(), 0);
  });

  test('German and dark are kept: texts, money, dates, and what the server says', async () => {
    const [ada] = await app.people(1);
    const booking = await buy(ada, 1);
    const page = await open(ada, { viewport: PHONE });
    await page.goto(`/bookings/${booking.id}`);
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByLabel('Language').selectOption('de');
    await page.getByLabel('Darstellung').selectOption('dark');
    await page.reload();
    await page.getByRole('button', { name: 'Karten stornieren' }).waitFor();
    const [lang, theme] = (await page.evaluate(
      '[document.documentElement.lang, document.documentElement.dataset.theme]',
    )) as string[];
    assert.deepEqual([lang, theme], ['de', 'dark']);
    const text = await page.getByRole('main').innerText();
    assert.match(text, /1\.234,50\u00a0€/);
    const starts = new Date(sale.event.startsAt).toLocaleDateString('de-DE', {
      timeZone: 'Europe/Berlin',
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      year: 'numeric',
    });
    assert.ok(text.includes(starts), text);
    const dark = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    const [red] = /\d+/.exec(String(dark))!;
    assert.ok(Number(red) < 60, String(dark));
  });

  test('two fingers zoom the map on a phone, one moves it, and a tap chooses', async () => {
    const { eventId } = await openSale(app, plainHall(19, 40));
    const page = await open(undefined, { viewport: PHONE, hasTouch: true });
    await page.goto(`/events/${eventId}`);
    await page.getByText('Live', { exact: true }).waitFor();
    const canvas = page.locator('.map-frame canvas');
    await canvas.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    const { x, y, width } = (await canvas.boundingBox())!;
    const buttons = (await page.locator('.map-zoom').boundingBox())!;
    /** Along row 10: the middle of the hall is the middle above the buttons. */
    const at = (dx: number) => ({ x: x + width / 2 + dx, y: (y + buttons.y) / 2 });
    const tip = page.locator('.map-tip');
    /** Which seat is there. The mouse tells it; fingers have no such pointer. */
    const seatAt = async (dx: number): Promise<string> => {
      await page.mouse.move(5, 5);
      await tip.waitFor({ state: 'detached' });
      await page.mouse.move(at(dx).x, at(dx).y);
      return tip.getByText(/row \d+, seat/).innerText();
    };
    const turnWheel = async () => {
      await page.mouse.move(at(120).x, at(120).y);
      for (let i = 0; i < 8; i++) await page.mouse.wheel(0, -300);
      // It has arrived when two frames have been drawn.
      await page.evaluate(TWO_FRAMES);
    };
    const fingers = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...dx: number[]) =>
      fingers.send('Input.dispatchTouchEvent', { type, touchPoints: dx.map((d, id) => ({ ...at(d), id })) });

    const [left, right] = [await seatAt(-40), await seatAt(40)];
    assert.notEqual(left, right);
    await touch('touchStart', -40, 40);
    for (const d of [60, 90, 120]) await touch('touchMove', -d, d);
    await touch('touchEnd');
    assert.deepEqual([await seatAt(-120), await seatAt(120)], [left, right], 'the fingers keep their seats');
    assert.equal(await page.evaluate('visualViewport.scale'), 1, 'the page itself is not zoomed');

    // Closer than close it stands still.
    await turnWheel();
    assert.equal(await seatAt(120), right);
    await turnWheel();
    assert.equal(await seatAt(120), right, 'the wheel keeps the seat under the pointer');

    const middle = await seatAt(0);
    await touch('touchStart', 0);
    for (const d of [-30, -60, -100]) await touch('touchMove', d);
    await touch('touchEnd');
    assert.equal(await seatAt(-100), middle, 'the finger keeps its seat');
    await touch('touchStart', -100);
    await touch('touchEnd');
    // Its card names it first.
    await page.locator('.map-card').getByText(middle).waitFor();
    await page.locator('.map-card').getByRole('button', { name: 'Choose' }).click();
    await page.getByRole('status').filter({ hasText: '1 place chosen' }).waitFor();
    await page.locator('.choice').getByText(middle).waitFor();
  });

  test('no page has complained', async () => {
    assert.deepEqual(await visitors.leave(), []);
  });
});

const TWO_FRAMES = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';

/** A price of four digits, which languages write differently. */
const TIERS = [{ name: 'C0', price: 123_450, category: 'C0' }];
