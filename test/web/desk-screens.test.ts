import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { seriousFaults } from '../support/axe.js';
import { DESKTOP, openBrowser, openContext, PHONE } from '../support/browser.js';
import { openSale, realHall, type Sale } from '../support/halls.js';
import { card } from '../support/money.js';
import { describeWith } from '../support/needing.js';
import type { Person } from '../support/people.js';
import { until } from '../support/until.js';

/** The provider refuses to give this one's money back. */
const REFUSES_REFUNDS = '4000000000000507';
const FOLDER = process.env.EVENTLY_SCREENSHOTS;

describeWith('chromium')('the screens of organizers and operators', () => {
  let app: TestApp;
  let browser: Browser;
  let sale: Sale;
  let draft: string;
  let admin: Person;
  let buyer: Person;

  beforeAll(async () => {
    app = await startApp();
    browser = await openBrowser();
    sale = await openSale(app, realHall(), { title: 'Handball: Erfurt – Leipzig', category: 'Handball' });
    const { venueId, planId, startsAt, endsAt } = sale.event;
    const made = await sale.organizer.client.post('/events', {
      title: 'Return match',
      description: 'Bring a friend.',
      venueId,
      planId,
      startsAt,
      endsAt,
      currency: 'EUR',
      category: 'Handball',
      priceTiers: [
        { name: 'Standing', price: 900, area: 'Stehplatz' },
        { name: 'Seats', price: 2_800, category: 'Kategorie I' },
      ],
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    draft = made.body.id;
    [admin] = await app.people(1, 'admin');
    [buyer] = await app.people(1);
    for (const [quantity, number] of [
      [6, undefined],
      [4, undefined],
      [2, REFUSES_REFUNDS],
    ] as const) {
      const hold = (await buyer.client.post(`/events/${sale.eventId}/holds`, { best: { quantity } })).body;
      assert.equal((await buyer.client.post(`/bookings/${hold.id}/checkout`, card(number))).status, 200);
      if (number) await buyer.client.post(`/bookings/${hold.id}/cancel`, {});
    }
    await until(async () => {
      const { rowCount } = await app.db.query(`SELECT FROM saga WHERE state = 'stuck'`);
      return rowCount === 1;
    });
  });
  afterAll(async () => {
    await browser?.close();
    await app.close();
  });

  const pages = () => {
    const event = `/desk/events/${sale.eventId}`;
    return [
      ['desk-events', '/desk', 'Handball: Erfurt – Leipzig'],
      ['desk-event', event, 'Minutes to pay'],
      ['desk-draft', `/desk/events/${draft}`, 'Minutes to pay'],
      ['desk-draft-places', `/desk/events/${draft}/places`, 'Prices'],
      ['desk-preview', `/desk/events/${draft}/preview`, 'Bring a friend.'],
      ['desk-new', '/desk/events/new', 'Minutes to pay'],
      ['desk-places', `${event}/places`, 'Blocked seats'],
      ['desk-sales', `${event}/sales`, 'How full the sections are'],
      ['desk-check-in', `${event}/check-in`, 'Ready for the next ticket.'],
      ['desk-totals', '/desk/sales', 'Best sellers'],
      ['desk-venues', '/desk/venues', 'Hall'],
      ['desk-venue', `/desk/venues/${sale.venueId}`, 'Import a seating plan'],
      ['desk-webhooks', '/desk/webhooks', 'No webhooks'],
      ['operator', '/operator', 'Nothing is parked.'],
      ['operator-sagas', '/operator/sagas', 'the provider refuses to pay back'],
      ['operator-payments', '/operator/payments', 'There is nothing of this kind.'],
      ['operator-mails', '/operator/mails', 'Mails'],
      ['operator-house', '/operator/house', 'Without an imprint nothing can be published'],
      ['operator-users', '/operator/users', 'Role'],
      ['operator-person', `/operator/users/${buyer.id}`, '€240.00'],
      ['operator-acts', '/operator/acts', 'published Handball: Erfurt – Leipzig.'],
    ] as const;
  };

  async function picture(page: Page, name: string): Promise<void> {
    mkdirSync(FOLDER!, { recursive: true });
    await page.waitForTimeout(700);
    await page.screenshot({ path: join(FOLDER!, `${name}.png`), fullPage: true });
  }

  // The desk on a phone belongs to the long form, with the pictures.
  for (const viewport of FOLDER ? [DESKTOP, PHONE] : [DESKTOP])
    test(`at ${viewport.width} × ${viewport.height} axe finds nothing serious, and nothing is wider than the screen`, async () => {
      const people = [sale.organizer, admin];
      const opened = await Promise.all(
        people.map((person) => openContext(browser, app.url, { viewport, person })),
      );
      for (const { context } of opened) context.setDefaultTimeout(30_000);
      const [desk, operations] = await Promise.all(opened.map(({ context }) => context.newPage()));
      const faults: string[] = [];
      for (const [name, path, shows] of pages()) {
        const page = path.startsWith('/desk') ? desk! : operations!;
        await page.emulateMedia({ colorScheme: 'light' });
        await page.goto(path);
        await page.getByRole('main').getByText(shows).first().waitFor();
        // Colours are the same on a phone.
        for (const colorScheme of viewport === PHONE ? (['light'] as const) : (['light', 'dark'] as const)) {
          await page.emulateMedia({ colorScheme });
          if (FOLDER) await picture(page, `${name}-${viewport.width}-${colorScheme}`);
          faults.push(...(await seriousFaults(page, `${name}, ${colorScheme}`, colorScheme === 'dark')));
        }
        const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        if (Number(wide) > 0) faults.push(`${name} is ${wide} pixels wider than the screen`);
      }
      for (const { context } of opened) await context.close();
      assert.deepEqual(faults, []);
      assert.deepEqual(
        opened.flatMap(({ complaints }) => complaints),
        [],
      );
    });

  test('a sum of money stays in one line of its box, however narrow the screen is', async () => {
    const { context } = await openContext(browser, app.url, { person: sale.organizer, locale: 'de-DE' });
    const page = await context.newPage();
    await page.route('**/api/v1/analytics/summary*', async (route) => {
      const answer = await route.fetch();
      const body = await answer.json();
      body.current.revenue = [
        { currency: 'EUR', gross: 123_456_789, refunded: 100, net: 123_456_689 },
        { currency: 'JPY', gross: 123_456_789, refunded: 0, net: 123_456_789 },
      ];
      await route.fulfill({ response: answer, json: body });
    });
    await page.goto('/desk/sales');
    await page.getByText('1.234.566,89 €').waitFor();
    const broken = `[...document.querySelectorAll('.figures strong')].filter((number) => {
      const range = document.createRange();
      range.selectNode(number.firstChild);
      return new Set([...range.getClientRects()].map(({ top }) => top)).size !== 1;
    }).map(({ textContent }) => textContent)`;
    for (const width of [320, 390, 600, 768, 1024, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      assert.deepEqual(await page.evaluate(broken), [], `${width} px`);
    }
    await context.close();
  });

  test('what each category has sold at its price stands below the hall as it was', async () => {
    const { context } = await openContext(browser, app.url, { person: sale.organizer });
    const page = await context.newPage();
    await page.goto(`/desk/events/${sale.eventId}/sales`);
    const table = page.getByRole('region', { name: 'By category and price at this moment' });
    const rows = table.locator('tbody tr');
    await rows.first().waitFor();
    const cells = await Promise.all((await rows.all()).map((row) => row.locator('th, td').allTextContents()));
    assert.ok(cells.length > 3);
    const sold = cells.reduce((sum, [, , booked]) => sum + Number(booked), 0);
    assert.equal(sold, 12);
    assert.deepEqual(
      cells.find(([name]) => name === 'Stehplatz'),
      ['Stehplatz', '€10.00', '0', '0', '248', '0', '0%'],
    );
    await context.close();
  });

  test('an operator sees when a stream is tried again by itself, and which one waits for somebody', async () => {
    await app.db.query(
      `INSERT INTO fact_parked (handler, stream, stream_id, version, attempts, error, retry_at)
       VALUES ('webhooks', 'booking', gen_random_uuid(), 2, 3, 'Error: first', '2031-07-04T17:00:00Z'),
              ('webhooks', 'booking', gen_random_uuid(), 2, 10, 'Error: second', NULL)`,
    );
    const { context } = await openContext(browser, app.url, { person: admin });
    const page = await context.newPage();
    await page.goto('/operator');
    const stream = (error: string) => page.getByRole('listitem').filter({ hasText: error });
    await stream('Error: first')
      .getByText(/3 attempts · tried again by itself: .*2031/)
      .waitFor();
    await stream('Error: second').getByText('10 attempts · given up; waits for you').waitFor();
    await context.close();
    await app.db.query('DELETE FROM fact_parked');
  });

  test('the audit log is sentences, which lead to events and are narrowed by person and event', async () => {
    const { context } = await openContext(browser, app.url, { person: admin });
    const page = await context.newPage();
    await page.goto('/operator/acts');
    const name = `Person ${sale.organizer.id.slice(0, 8)}`;
    const row = page.getByRole('row', { name: `${name} published Handball: Erfurt – Leipzig.` });
    const hrefOf = (link: string) => row.getByRole('link', { name: link }).getAttribute('href');
    assert.equal(await hrefOf('Handball: Erfurt – Leipzig'), `/desk/events/${sale.eventId}`);
    assert.equal(await hrefOf(name), `/operator/users/${sale.organizer.id}`);
    const venue = page.getByRole('row', { name: `${name} created a venue.` });
    await row.getByRole('button', { name: 'Only this event' }).click();
    await page.waitForURL(`**/operator/acts?eventId=${sale.eventId}`);
    await page.getByRole('button', { name: 'Only this event ✕' }).waitFor();
    await venue.waitFor({ state: 'detached' });
    await row.getByRole('button', { name: 'Only this person' }).click();
    await page.waitForURL(`**/operator/acts?eventId=${sale.eventId}&actor=${sale.organizer.id}`);
    await row.waitFor();
    await page.getByRole('button', { name: 'Only this event ✕' }).click();
    await venue.waitFor();
    assert.ok(!(await page.getByRole('main').innerText()).includes('{}'));
    await context.close();
  });

  test('an operator sees work that is stuck, tries it again, and ends it by a decision', async () => {
    const { context } = await openContext(browser, app.url, { person: admin });
    const page = await context.newPage();
    await page.goto('/operator/sagas');
    await page.getByRole('button', { name: 'Stuck' }).click();
    const row = page.getByRole('row', { name: /the provider refuses to pay back/ });
    assert.match(await row.innerText(), /^Refund of a booking\s/);
    const event = row.getByRole('link', { name: 'Handball: Erfurt – Leipzig' });
    assert.equal(await event.getAttribute('href'), `/desk/events/${sale.eventId}`);
    assert.match((await row.getByRole('link', { name: 'Booking' }).getAttribute('href'))!, /^\/bookings\//);
    await row.getByRole('button', { name: 'Show' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByText('(the provider refuses to pay back)').first().waitFor();
    await sheet.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('It goes on.').waitFor();
    await sheet.getByText('2 attempts').waitFor();
    await sheet.getByLabel('Note').fill('By bank transfer');
    await sheet.getByRole('button', { name: 'End this refund' }).click();
    await page.getByText('The refund is ended.').waitFor();
    await until(async () => {
      const { rowCount } = await app.db.query(`SELECT FROM saga WHERE state = 'stuck'`);
      return rowCount === 0;
    });
    await context.close();
  });
});
