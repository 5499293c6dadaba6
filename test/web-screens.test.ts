import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { startApp, type TestApp } from './support/app.js';
import { seriousFaults } from './support/axe.js';
import { DESKTOP, openBrowser, openContext, PHONE } from './support/browser.js';
import type { Json } from './support/client.js';
import { openSale, realHall } from './support/halls.js';
import { card } from './support/money.js';
import type { Person } from './support/people.js';
import { without } from './support/tools.js';

/** A folder: each screen is then kept there as a picture, on a desktop and on a phone, light and dark. */
const FOLDER = process.env.EVENTLY_SCREENSHOTS;

interface Screen {
  readonly name: string;
  readonly path: string;
  /** What is there when the screen is complete. */
  readonly shows: string;
  readonly nobody?: boolean;
  readonly last?: (page: Page) => Promise<void>;
}

describe('the screens of the web app', { skip: without('chromium') }, () => {
  let app: TestApp;
  let browser: Browser;
  let buyer: Person;
  let screens: Screen[];

  before(async () => {
    app = await startApp();
    browser = await openBrowser();
    const { eventId } = await openSale(app, realHall(), {
      title: 'Handball: Erfurt – Leipzig',
      category: 'Handball',
    });
    const [ada, other] = (await app.people(2)) as [Person, Person];
    buyer = ada;
    await other.client.post(`/events/${eventId}/holds`, { best: { quantity: 6 } });
    const bought = (await ada.client.post(`/events/${eventId}/holds`, { best: { quantity: 2 } })).body;
    assert.equal((await ada.client.post(`/bookings/${bought.id}/checkout`, card())).status, 200);
    const held = (await ada.client.post(`/events/${eventId}/holds`, { best: { quantity: 2 } })).body;
    screens = await listScreens(eventId, bought, held);
  });
  after(async () => {
    await browser?.close();
    await app.close();
  });

  async function listScreens(eventId: string, bought: Json, held: Json): Promise<Screen[]> {
    const event = `/events/${eventId}`;
    const listed = async (page: Page) => {
      await page.getByRole('button', { name: 'List', exact: true }).click();
      await page.getByRole('button', { name: /^Block A/ }).click();
    };
    const chosen = async (page: Page) => {
      await page.getByRole('button', { name: 'Map', exact: true }).click();
      await page.getByText('Live', { exact: true }).waitFor();
      await page.getByText('Best available').click();
      await page.evaluate('document.querySelector(".map-frame").scrollIntoView({ block: "center" })');
    };
    return [
      { name: 'home', path: '/', shows: 'Handball: Erfurt – Leipzig', nobody: true },
      { name: 'search', path: '/?q=nothing', shows: 'No event matches', nobody: true },
      { name: 'event', path: `${event}?seats=10,11`, shows: '2 places chosen', last: chosen },
      { name: 'event-list', path: `${event}?seats=10,11`, shows: 'Prices', last: listed },
      { name: 'embed', path: `/embed/${eventId}`, shows: 'Continue in the shop', nobody: true },
      { name: 'checkout', path: `/bookings/${held.id}/checkout`, shows: 'Give me more time' },
      { name: 'bookings', path: '/bookings', shows: 'Pay now' },
      { name: 'booking', path: `/bookings/${bought.id}`, shows: 'Tickets as PDF' },
      { name: 'tickets', path: '/tickets', shows: 'Pass on' },
      { name: 'waitlist', path: '/waitlist', shows: 'You are in no line' },
      { name: 'notifications', path: '/notifications', shows: 'Notifications' },
      { name: 'preferences', path: '/account/notifications', shows: 'Reminder' },
      { name: 'account', path: '/account', shows: 'Change the password' },
      { name: 'login', path: '/login', shows: 'Forgot your password?', nobody: true },
      { name: 'register', path: '/register', shows: 'As it should appear on tickets.', nobody: true },
      { name: 'forgot', path: '/forgot', shows: 'Send the link', nobody: true },
      { name: 'reset', path: '/reset?token=x', shows: 'New password', nobody: true },
      { name: 'verify', path: '/verify?token=x', shows: 'Confirm your email address', nobody: true },
      { name: 'missing', path: `/events/x`, shows: 'There is nothing here', nobody: true },
    ];
  }

  async function show(page: Page, { path, shows, last }: Screen): Promise<void> {
    await page.goto(path);
    await page.getByText(shows).first().waitFor();
    await last?.(page);
    await page
      .locator('.skeleton')
      .first()
      .waitFor({ state: 'detached' })
      .catch(() => {});
  }

  for (const viewport of [DESKTOP, PHONE])
    test(`at ${viewport.width} × ${viewport.height} axe finds nothing serious, and nothing is wider than the screen`, async () => {
      const people = {
        nobody: await openContext(browser, app.url, { viewport }),
        buyer: await openContext(browser, app.url, { viewport, person: buyer }),
      };
      const pages = {
        nobody: await people.nobody.context.newPage(),
        buyer: await people.buyer.context.newPage(),
      };
      const faults: string[] = [];
      for (const screen of screens) {
        const page = screen.nobody ? pages.nobody : pages.buyer;
        await page.emulateMedia({ colorScheme: 'light' });
        await show(page, screen);
        // Colours are the same on a phone; pictures show both.
        const dark = FOLDER || viewport === DESKTOP;
        for (const colorScheme of dark ? (['light', 'dark'] as const) : (['light'] as const)) {
          await page.emulateMedia({ colorScheme });
          if (FOLDER) await picture(page, `${screen.name}-${viewport.width}-${colorScheme}`);
          faults.push(
            ...(await seriousFaults(page, `${screen.name}, ${colorScheme}`, colorScheme === 'dark')),
          );
        }
        const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        if (Number(wide) > 0) faults.push(`${screen.name} is ${wide} pixels wider than the screen`);
      }
      for (const { context } of Object.values(people)) await context.close();
      assert.deepEqual(faults, []);
      assert.deepEqual([...people.nobody.complaints, ...people.buyer.complaints], []);
    });

  async function picture(page: Page, name: string): Promise<void> {
    mkdirSync(FOLDER!, { recursive: true });
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(FOLDER!, `${name}.png`) });
  }
});
