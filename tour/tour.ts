import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { SEAT } from '../src/platform/common/seat-states.js';
import { DESKTOP, openContext } from '../test/support/browser.js';
import type { Json } from '../test/support/client.js';
import { unpackStates } from '../test/support/seat-states.js';
import { findFree, payWith } from '../test/support/shop-pages.js';
import { animatedPng, type Frame } from './animated-png.js';
import type { DemoHouse } from './demo-house.js';

const CARD = '4242424242424242';
const PHONE = { width: 390, height: 844 };
/** For what is more than a screen: the dashboard with its curve. */
const TALL = { width: 1280, height: 1_040 };
const ANIMATIONS_MS = 600;
const ZOOM_STEPS = 10;
/** A third of a notch of a wheel. */
const ZOOM_BY = 40;
const RUSH_MS = 120_000;

/** Browse, choose, hold, pay, wait in line, give back, look at the sales, watch a rush: as people do it, in Chromium. */
export class Tour {
  constructor(
    private readonly house: DemoHouse,
    private readonly browser: Browser,
    private readonly keep: (name: string, png: Buffer) => void,
  ) {}

  async play(): Promise<void> {
    const buyer = await this.open();
    await this.browse(buyer);
    await this.buy(buyer);
    await this.giveBack(buyer);
    await this.wait(buyer);
    await this.phone();
    const handball = await this.house.event('handball');
    await this.look(handball);
    await this.zoom();
    await this.rush(handball);
  }

  private async open(more: Parameters<typeof openContext>[2] = {}): Promise<Page> {
    const { context } = await openContext(this.browser, this.house.url, more);
    return context.newPage();
  }

  /** By the demo's button. */
  private async logIn(page: Page, name: string): Promise<void> {
    await page.goto('/login');
    await page.getByRole('button', { name, exact: true }).click();
    await page.waitForURL(({ pathname }) => pathname !== '/login');
  }

  private async picture(page: Page, name: string): Promise<void> {
    await page.waitForTimeout(ANIMATIONS_MS);
    this.keep(name, await page.screenshot());
  }

  private async browse(page: Page): Promise<void> {
    await page.goto('/');
    const card = page.getByRole('link', { name: /^Handball: Erfurt/ }).first();
    await card.waitFor();
    await page.waitForLoadState('networkidle');
    await this.picture(page, '1-events');
    await card.click();
    await page.getByText('Live', { exact: true }).waitFor();
    const at = await findFree(page);
    await page.mouse.click(at.x, at.y);
    await page.getByRole('button', { name: /^One more: / }).click();
    await page.evaluate('document.querySelector(".map-frame").scrollIntoView({ block: "center" })');
    await this.picture(page, '2-seat-map');
  }

  private async buy(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Log in and continue' }).click();
    await page.getByRole('link', { name: 'New here? Create an account' }).click();
    await page.getByLabel('Name').fill('Ada');
    await page.getByLabel('Email address').fill('ada@example.org');
    await page.getByLabel('Password').fill('a long enough sentence');
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.waitForURL(/\/checkout$/);
    await page.getByLabel('Card number').waitFor();
    await this.picture(page, '3-checkout');
    await payWith(page, CARD);
    const code = page.getByRole('img', { name: /^QR code of ticket/ });
    await code.nth(1).waitFor();
    await page.locator('.toast').first().waitFor({ state: 'detached' });
    await this.picture(page, '4-tickets');
  }

  private async giveBack(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Cancel tickets' }).click();
    await page.getByRole('dialog').getByRole('checkbox').first().check();
    await page.getByText(/^You get back €/).waitFor();
    await this.picture(page, '5-give-back');
    await page.getByRole('button', { name: 'Cancel 1 ticket' }).click();
    await page.getByText('paid back').waitFor();
    // And then the whole booking.
    await page.getByRole('button', { name: 'Cancel tickets' }).click();
    await page.getByText(/^You get back €/).waitFor();
    await page.getByRole('button', { name: 'Cancel 1 ticket' }).click();
    await page.getByText('Cancelled', { exact: true }).first().waitFor();
    await page.evaluate('scrollTo(0, 0)');
    await page.locator('.toast').first().waitFor({ state: 'detached' });
    await this.picture(page, '6-cancelled');
  }

  /** Somebody else holds the last places and lets go of them. */
  private async wait(page: Page): Promise<void> {
    const { id } = await this.house.event('Late Train');
    const other = await this.house.client('organizer@evently.test');
    const hold = await other.post(
      `/events/${id}/holds`,
      lastPlaces((await other.get(`/events/${id}/seats`)).body),
    );
    assert.equal(hold.status, 201, JSON.stringify(hold.body));
    await page.goto(`/events/${id}`);
    await page.getByRole('button', { name: 'Join the line' }).click();
    await page.getByText('You are in the line.').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Waitlist' }).click();
    await page.getByText('Place 1 in the line').waitFor();
    await other.delete(`/bookings/${hold.body.id}`);
    await page.getByRole('button', { name: 'Accept and pay' }).waitFor();
    await this.picture(page, '7-offer');
    await page.getByRole('button', { name: 'Accept and pay' }).click();
    await page.waitForURL(/\/checkout$/);
    await payWith(page, CARD);
    await page.getByText('You are in.').waitFor();
  }

  private async look({ id }: Json): Promise<void> {
    const page = await this.open({ viewport: TALL });
    await this.logIn(page, 'organizer');
    await page.goto(`/desk/events/${id}/sales`);
    await page.getByRole('button', { name: '30 days' }).click();
    await page.getByRole('img', { name: /^Chart of the course: / }).waitFor();
    await page.waitForLoadState('networkidle');
    await this.picture(page, '8-sales');
    await page.goto(`/desk/events/${id}/places`);
    await page.getByRole('region', { name: 'Prices' }).locator('canvas').waitFor();
    await this.picture(page, '9-prices-and-seats');
  }

  /** The ticket as it is shown at the gate. */
  private async phone(): Promise<void> {
    const more = { viewport: PHONE, locale: 'de-DE', hasTouch: true };
    const page = await this.open(more);
    await page.emulateMedia({ colorScheme: 'dark' });
    await this.logIn(page, 'Käufer');
    await page.goto('/tickets');
    await page
      .getByRole('img', { name: /^QR-Code/ })
      .first()
      .waitFor();
    await page.waitForLoadState('networkidle');
    await this.picture(page, '10-ticket-on-a-phone');
  }

  /** From 50,000 seats to the rows of one block. */
  private async zoom(): Promise<void> {
    const { id } = await this.house.event('Orchestras');
    const page = await this.open({ viewport: { ...DESKTOP, width: 860 } });
    await page.goto(`/events/${id}`);
    await page.getByText('Live', { exact: true }).waitFor();
    const frame = page.locator('.map-frame');
    await frame.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    const box = (await frame.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.16);
    const frames: Frame[] = [];
    const shoot = async (ms: number) => frames.push({ png: await page.screenshot({ clip: box }), ms });
    await page.waitForTimeout(ANIMATIONS_MS);
    await shoot(1_200);
    await page.keyboard.down('Control');
    for (let step = 1; step <= ZOOM_STEPS; step++) {
      await page.mouse.wheel(0, -ZOOM_BY);
      // Seats are loaded and drawn a moment later.
      await page.waitForTimeout(ANIMATIONS_MS / 2);
      await shoot(step === ZOOM_STEPS ? 2_500 : 160);
    }
    await page.keyboard.up('Control');
    this.keep('11-arena-zoom', animatedPng(frames));
  }

  /** 200 robots buy while one looks. */
  private async rush({ id }: Json): Promise<void> {
    const watcher = await this.open();
    await watcher.goto(`/events/${id}`);
    await watcher.getByText('Live', { exact: true }).waitFor();
    const operator = await this.open();
    await this.logIn(operator, 'operator');
    await operator.goto('/operator');
    const choice = operator.getByLabel('Event', { exact: true });
    await choice.selectOption(id);
    await operator.getByRole('button', { name: 'Send the robots' }).click();
    const bought = operator.locator('.figures > div', { hasText: 'Places bought' }).locator('dd');
    await bought.filter({ hasText: /\d{3}/ }).waitFor({ timeout: RUSH_MS });
    await watcher.evaluate('document.querySelector(".map-frame").scrollIntoView({ block: "center" })');
    this.keep('12-rush', await watcher.screenshot());
    await operator.getByText(/^Nothing oversold/).waitFor({ timeout: RUSH_MS });
    await operator.evaluate('document.getElementById("rush").scrollIntoView({ block: "center" })');
    await this.picture(operator, '13-nothing-oversold');
  }
}

/** A hold of all that is free. */
function lastPlaces({ states, count, areas }: Json): Json {
  const all = [...unpackStates(Buffer.from(states, 'base64'), count)];
  const seats = all.flatMap((state, n) => (state === SEAT.FREE ? [n] : []));
  const free = areas.flatMap(({ area, capacity, held, booked }: Json) =>
    capacity > held + booked ? [{ area, quantity: capacity - held - booked }] : [],
  );
  return { ...(seats.length > 0 && { seats }), ...(free.length > 0 && { areas: free }) };
}
