import assert from 'node:assert/strict';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startApp, type TestApp } from '../test/support/app.js';
import { assertAuditClean } from '../test/support/audit.js';
import { openBrowser, openContext } from '../test/support/browser.js';
import { openSale, plainHall, realHall, type Sale } from '../test/support/halls.js';
import { card } from '../test/support/money.js';
import type { Person } from '../test/support/people.js';
import { findFree, payWith } from '../test/support/shop-pages.js';

/** Browse, choose, hold, pay, wait in line, give back, look at the sales: as people do it, in Chromium. */
export class Tour {
  private readonly contexts: BrowserContext[] = [];

  private constructor(
    private readonly app: TestApp,
    private readonly browser: Browser,
    private readonly fileOf: (name: string) => string,
  ) {}

  /** @param fileOf where the picture of a step goes */
  static async begin(fileOf: (name: string) => string): Promise<Tour> {
    return new Tour(await startApp(), await openBrowser(), fileOf);
  }

  async play(): Promise<void> {
    const match = await openSale(this.app, realHall(), {
      title: 'Handball: Erfurt – Leipzig',
      category: 'Handball',
    });
    const small = await openSale(this.app, plainHall(2, 5), {
      title: 'An evening for ten',
      category: 'talk',
    });
    await this.sellSome(match);
    const buyer = await this.open();
    await this.browse(buyer);
    await this.buy(buyer);
    await this.giveBack(buyer);
    await this.wait(buyer, small);
    await this.look(match);
    await assertAuditClean(this.app);
  }

  async end(): Promise<void> {
    await this.browser.close();
    await this.app.close();
  }

  private async open(person?: Person): Promise<Page> {
    const { context } = await openContext(this.browser, this.app.url, { person });
    this.contexts.push(context);
    return context.newPage();
  }

  private async picture(page: Page, name: string): Promise<void> {
    // Waits until animations have ended.
    await page.waitForTimeout(600);
    await page.screenshot({ path: this.fileOf(name) });
  }

  /** Others have been here before. */
  private async sellSome({ eventId }: Sale): Promise<void> {
    for (const { client } of await this.app.people(40)) {
      const hold = await client.post(`/events/${eventId}/holds`, {
        best: { quantity: 2 },
      });
      const paid = await client.post(`/bookings/${hold.body.id}/checkout`, card());
      assert.equal(paid.status, 200);
    }
  }

  private async browse(page: Page): Promise<void> {
    await page.goto('/');
    await page
      .getByRole('link', { name: /^Handball: Erfurt/ })
      .first()
      .waitFor();
    await this.picture(page, '1-events');
    await page
      .getByRole('link', { name: /^Handball: Erfurt/ })
      .first()
      .click();
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
    await payWith(page, '4242424242424242');
    await page
      .getByRole('img', { name: /^QR code of ticket/ })
      .first()
      .waitFor();
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

  private async wait(page: Page, { eventId }: Sale): Promise<void> {
    const [seller] = (await this.app.people(1)) as [Person];
    const all = { seats: Array.from({ length: 10 }, (_, n) => n) };
    const hold = await seller.client.post(`/events/${eventId}/holds`, all);
    await page.goto(`/events/${eventId}`);
    await page.getByRole('button', { name: 'Join the line' }).click();
    await page.getByText('You are in the line.').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Waitlist' }).click();
    await page.getByText('Place 1 in the line').waitFor();
    await seller.client.delete(`/bookings/${hold.body.id}`);
    await page.getByRole('button', { name: 'Accept and pay' }).waitFor();
    await this.picture(page, '7-offer');
    await page.getByRole('button', { name: 'Accept and pay' }).click();
    await page.waitForURL(/\/checkout$/);
    await payWith(page, '4242424242424242');
    await page.getByText('You are in.').waitFor();
  }

  private async look({ eventId, organizer }: Sale): Promise<void> {
    const page = await this.open(organizer);
    await page.goto(`/desk/events/${eventId}/sales`);
    await page.getByRole('img', { name: /^Chart of the course: / }).waitFor();
    await this.picture(page, '8-sales');
    await page.goto(`/desk/events/${eventId}/places`);
    await page.getByRole('region', { name: 'Prices' }).locator('canvas').waitFor();
    await this.picture(page, '9-prices-and-seats');
  }
}
