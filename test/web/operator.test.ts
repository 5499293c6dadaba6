import assert from 'node:assert/strict';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { TicketsService } from '../../src/tickets/tickets.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { seriousFaults } from '../support/axe.js';
import { openBrowser, Visitors } from '../support/browser.js';
import type { Json } from '../support/client.js';
import { openSale, plainHall } from '../support/halls.js';
import { card } from '../support/money.js';
import { describeWith } from '../support/needing.js';
import type { Person } from '../support/people.js';
import { until } from '../support/until.js';

const PHONE = { width: 390, height: 800 };

describeWith('chromium')('operators', () => {
  let app: TestApp;
  let browser: Browser;
  let visitors: Visitors;
  let admin: Person;
  let buyer: Person;
  let booking: Json;
  beforeAll(async () => {
    app = await startApp();
    browser = await openBrowser();
    visitors = new Visitors(browser, app.url);
    [admin] = await app.people(1, 'admin');
    [buyer] = await app.people(1);
    const { eventId } = await openSale(app, plainHall(1, 4));
    booking = (await buyer.client.post(`/events/${eventId}/holds`, { seats: [0] })).body;
    assert.equal((await buyer.client.post(`/bookings/${booking.id}/checkout`, card())).status, 200);
    await app.nest.get(TicketsService).issue(eventId, booking.id);
    await until(async () => (await mailsTo()).length === 1);
  });
  afterAll(async () => {
    const complaints = await visitors?.leave();
    await browser?.close();
    await app.close();
    assert.deepEqual(complaints, []);
  });

  const mailsTo = async (): Promise<Json[]> =>
    (await app.client().get(`//dev/mail.json?to=${encodeURIComponent(buyer.email)}`)).body;
  const fitting = async (page: Page) =>
    assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth')) <= 0);

  test('find a mail by its recipient, read it as it was sent, and send it again', async () => {
    const page = await visitors.open(admin, { viewport: PHONE });
    await page.goto('/operator/mails');
    const search = page.getByLabel('Recipient, or part of the address');
    await search.fill('nobody@');
    await search.press('Enter');
    await page.getByText('There is nothing of this kind.').waitFor();
    await search.fill(buyer.email);
    await search.press('Enter');
    const row = page.getByRole('row', { name: `Your booking for Final ${buyer.email}` });
    await row.getByText('Sent').waitFor();
    await row.getByRole('button', { name: /^Show/ }).click();
    const sheet = page.getByRole('dialog', { name: `Mail to ${buyer.email}` });
    await sheet.getByText('tickets.pdf, event.ics').waitFor();
    const mail = page.frameLocator('iframe');
    const link = mail.getByRole('link', { name: 'Show the booking and its tickets' });
    assert.deepEqual(
      [await link.getAttribute('href'), await link.getAttribute('target')],
      [`${app.config.http.publicUrl}/bookings/${booking.id}`, '_blank'],
    );
    // Its inline styles count, against the policy of the page around it.
    const colorOf = new Function('link', 'return getComputedStyle(link).color') as (link: unknown) => string;
    assert.equal(await link.evaluate(colorOf), 'rgb(255, 255, 255)');
    assert.deepEqual(await seriousFaults(page, 'a mail'), []);
    await fitting(page);
    await sheet.getByRole('button', { name: 'Text' }).click();
    await sheet.getByText(/^Hello Person/).waitFor();
    await sheet.getByRole('button', { name: 'Send again' }).click();
    await page.getByText('It is sent again.').waitFor();
    await until(async () => (await mailsTo()).length === 2);
  });

  test('lock an account with a reason, see what it bought, and open it again', async () => {
    const page = await visitors.open(admin, { viewport: PHONE });
    await page.goto('/operator/users');
    await page.getByLabel('Name or email address').fill(buyer.email);
    await page.getByRole('link', { name: `Person ${buyer.id.slice(0, 8)}` }).click();
    const bought = page.getByRole('row', { name: new RegExp(booking.code) });
    await bought.getByText('€20.00').waitFor();
    await bought.getByRole('link', { name: 'Final' }).waitFor();
    assert.equal(
      await bought.getByRole('link', { name: booking.code }).getAttribute('href'),
      `/bookings/${booking.id}`,
    );
    await fitting(page);
    await page.getByLabel('Reason, for other administrators').fill('Cards of others');
    await page.getByRole('button', { name: 'Lock the account' }).click();
    await page.getByText(/^Locked since .*: Cards of others$/).waitFor();
    assert.equal((await buyer.client.get('/auth/me')).body.code, 'token_revoked');
    await page.getByRole('button', { name: 'Unlock the account' }).click();
    await page.getByRole('heading', { name: 'Lock the account' }).waitFor();
    await page.getByRole('link', { name: 'What was done with this account' }).click();
    await page
      .getByText(/locked the account of/)
      .first()
      .waitFor();
  });

  test('see on the overview what waits for them, with the way there', async () => {
    await app.db.query(`UPDATE mail SET state = 'failed', last_error = '550 no' WHERE user_id = $1`, [
      buyer.id,
    ]);
    const page = await visitors.open(admin);
    await page.goto('/operator');
    await page.getByRole('img', { name: /1 holds, 1 of them sold/ }).waitFor();
    await page.getByText('not configured; one replica does not need it').waitFor();
    assert.equal(
      await page.getByRole('link', { name: 'Metrics for Prometheus' }).getAttribute('href'),
      '/metrics',
    );
    await page.getByRole('link', { name: /mails? (was|were) given up\.$/ }).click();
    await page.waitForURL('**/operator/mails?state=failed');
    await page.getByText('550 no').first().waitFor();
  });

  test('read the development mailbox in two panes, or one on a phone, in the time of their clock', async () => {
    const [mail] = await mailsTo();
    const wide = await visitors.open();
    await wide.goto('/dev/mail');
    await wide.frameLocator('iframe').getByText('is confirmed').waitFor();
    const time = await wide.locator('nav time').first().innerText();
    const there = new Intl.DateTimeFormat('en', {
      dateStyle: 'medium',
      timeStyle: 'short',
      timeZone: 'Europe/Berlin',
    });
    assert.equal(time, there.format(new Date(mail.sentAt)));
    const opened = wide.waitForEvent('popup');
    await wide
      .frameLocator('iframe')
      .getByRole('link', { name: 'Hall, Street 1, Erfurt' })
      .click({ noWaitAfter: true });
    await (await opened).close();
    assert.deepEqual(await seriousFaults(wide, 'the mailbox'), []);

    const phone = await visitors.open(undefined, { viewport: PHONE, locale: 'de-DE' });
    await phone.goto('/dev/mail');
    assert.equal(await phone.locator('iframe').isVisible(), false);
    await phone
      .getByRole('link', { name: /Your booking for Final/ })
      .first()
      .click();
    await phone.frameLocator('iframe').getByText('is confirmed').waitFor();
    await fitting(phone);
    const file = phone.waitForEvent('download');
    await phone.getByRole('link', { name: /^tickets\.pdf/ }).click();
    assert.equal((await file).suggestedFilename(), 'tickets.pdf');
    await phone.getByRole('link', { name: 'Zur Liste' }).click();
    await phone
      .getByRole('link', { name: /Your booking for Final/ })
      .first()
      .waitFor();
  });
});
