import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { seriousFaults } from '../support/axe.js';
import { DESKTOP, openBrowser, openContext, PHONE } from '../support/browser.js';
import type { Json } from '../support/client.js';
import { openSale, plainHall, realHall } from '../support/halls.js';
import { card } from '../support/money.js';
import { describeWith } from '../support/needing.js';
import type { Person } from '../support/people.js';

/** A folder: each screen is then kept there as a picture, on a desktop and on a phone, light and dark. */
const FOLDER = process.env.EVENTLY_SCREENSHOTS;

/** Titles and names are made of these; the last is a law on the labelling of beef. */
const LONG_WORDS = [
  'Weihnachtsoratorium',
  'Eröffnungsveranstaltung',
  'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz',
] as const;
const WIDTHS = [360, 320, 1280];

/** Elements that stick out of the page, or are cut off by a box that does not scroll. */
const MISFITS = `(() => {
  const page = document.documentElement;
  const cut = [...document.querySelectorAll('body *')].filter((box) => !/^(INPUT|SELECT|TEXTAREA)$/.test(box.tagName) &&
    ['hidden', 'clip'].includes(getComputedStyle(box).overflowX) && !box.closest('.spoken') &&
    box.scrollWidth > box.clientWidth + 1);
  return [
    ...(page.scrollWidth > page.clientWidth
      ? [(page.scrollWidth - page.clientWidth) + ' px too wide: ' + [...document.querySelectorAll('body *')]
          .filter((box) => box.getBoundingClientRect().right > page.clientWidth && !box.closest('.table-scroll > *'))
          .map((box) => box.tagName + '.' + box.className).slice(-5)]
      : []),
    ...cut.map((box) => 'cuts ' + box.tagName + '.' + box.className),
  ];
})()`;

interface Screen {
  readonly name: string;
  readonly path: string;
  /** Text that is there when the screen is complete. */
  readonly shows: string;
  readonly nobody?: boolean;
  readonly last?: (page: Page) => Promise<void>;
}

describeWith('chromium')('the screens of the web app', () => {
  let app: TestApp;
  let browser: Browser;
  let buyer: Person;
  let screens: Screen[];

  beforeAll(async () => {
    app = await startApp();
    browser = await openBrowser();
    const { eventId } = await openSale(app, realHall(), {
      title: 'Handball: Erfurt – Leipzig',
      category: 'Handball',
    });
    const [ada, other] = await app.people(2);
    buyer = ada;
    await other.client.post(`/events/${eventId}/holds`, { best: { quantity: 6 } });
    const bought = (await ada.client.post(`/events/${eventId}/holds`, { best: { quantity: 2 } })).body;
    assert.equal((await ada.client.post(`/bookings/${bought.id}/checkout`, card())).status, 200);
    const held = (await ada.client.post(`/events/${eventId}/holds`, { best: { quantity: 2 } })).body;
    screens = await listScreens(eventId, bought, held);
  });
  afterAll(async () => {
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
      { name: 'embed', path: `/embed/${eventId}`, shows: 'Your choice', nobody: true },
      { name: 'checkout', path: `/bookings/${held.id}/checkout`, shows: 'Give me more time' },
      { name: 'bookings', path: '/bookings', shows: 'Pay now' },
      { name: 'booking', path: `/bookings/${bought.id}`, shows: 'Tickets as PDF' },
      { name: 'tickets', path: '/tickets', shows: 'Pass on' },
      { name: 'waitlist', path: '/waitlist', shows: 'You are in no line' },
      { name: 'notifications', path: '/notifications', shows: 'Notifications' },
      { name: 'preferences', path: '/account/notifications', shows: 'Reminder' },
      { name: 'account', path: '/account', shows: 'Change the password' },
      { name: 'security', path: '/account/security', shows: 'This one' },
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
    // The app itself, not the text that the server has written in its place.
    await page.locator('#main, .embed').first().waitFor();
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

  test(`long words stay on screens of ${WIDTHS.join(', ')} px`, async () => {
    const longest = LONG_WORDS[2];
    const hall = plainHall(2, 8, [{ name: `${longest}.`, capacity: 20 }]);
    const plan = { ...hall.plan, categories: [{ name: longest, color: '#1d3557' }] };
    for (const row of plan.zones[0]!.rows) for (const seat of row.seats) seat.category = longest;
    const sales = [];
    for (const word of LONG_WORDS)
      sales.push(
        await openSale(
          app,
          { ...hall, plan },
          { title: word, category: longest.slice(0, 60), description: word },
        ),
      );
    const { eventId, venueId, organizer } = sales[2]!;
    const { headers } = await organizer.client.get(`/venues/${venueId}`);
    const named = { name: longest, city: longest, address: longest };
    const renamed = await organizer.client.patch(`/venues/${venueId}`, named, { 'if-match': headers.etag! });
    assert.equal(renamed.status, 200, JSON.stringify(renamed.body));
    const [person] = await app.people(1);
    await person.client.patch('/auth/me', { name: longest });
    const hold = async (by: Person) =>
      (
        await by.client.post(`/events/${eventId}/holds`, {
          areas: [{ area: `${longest}.`, quantity: 1 }],
        })
      ).body;
    const bought = await hold(person);
    assert.equal((await person.client.post(`/bookings/${bought.id}/checkout`, card())).status, 200);
    const held = await hold(person);
    const viewport = { width: WIDTHS[0]!, height: 780 };
    const opened = await Promise.all(
      [person, organizer].map((by) =>
        openContext(browser, app.url, { viewport, person: by, locale: 'de-DE' }),
      ),
    );
    const [shop, desk] = (await Promise.all(opened.map(({ context }) => context.newPage()))) as [Page, Page];
    const event = `/events/${eventId}`;
    const walk: [Page, path: string][] = [
      ...['/', ...sales.map((sale) => `/events/${sale.eventId}`)].map((path): [Page, string] => [shop, path]),
      ...[`/embed/${eventId}`, `/bookings/${held.id}/checkout`, '/bookings'].map((path): [Page, string] => [
        shop,
        path,
      ]),
      ...[`/bookings/${bought.id}`, '/tickets'].map((path): [Page, string] => [shop, path]),
      ...[
        '',
        event,
        `${event}/places`,
        `${event}/sales`,
        `${event}/check-in`,
        '/sales',
        '/venues',
        `/venues/${venueId}`,
      ].map((path): [Page, string] => [desk, `/desk${path}`]),
    ];
    const faults: string[] = [];
    for (const [page, path] of walk) {
      await page.goto(path);
      await page.locator('#main, .embed').first().waitFor();
      await page
        .getByText(new RegExp(LONG_WORDS.join('|')))
        .filter({ visible: true })
        .first()
        .waitFor();
      // Codes of tickets further down are made when they come into view.
      const waiting = page.locator('.skeleton:not(.qr *)').first();
      await waiting.waitFor({ state: 'detached', timeout: 3000 }).catch(() => {});
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 780 });
        // Charts follow a new width a moment later.
        let misfits = (await page.evaluate(MISFITS)) as string[];
        for (let tries = 0; misfits.length > 0 && tries < 20; tries++) {
          await page.waitForTimeout(100);
          misfits = (await page.evaluate(MISFITS)) as string[];
        }
        faults.push(...misfits.map((fault) => `${path} at ${width}: ${fault}`));
      }
    }
    for (const { context } of opened) await context.close();
    assert.deepEqual(faults, []);
  });

  async function picture(page: Page, name: string): Promise<void> {
    mkdirSync(FOLDER!, { recursive: true });
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(FOLDER!, `${name}.png`) });
  }
});
