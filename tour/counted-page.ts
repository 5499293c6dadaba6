import { performance } from 'node:perf_hooks';
import type { Locator, Page } from 'playwright-core';

const PATIENCE_MS = 30_000;

/** What a step took of a person: clicks, fields filled, pages seen, and seconds until the next could be done. */
export interface Step {
  readonly name: string;
  readonly clicks: number;
  readonly fields: number;
  readonly pages: number;
  readonly waited: number;
}

/** A page on which everything that a person does is counted. */
export class CountedPage {
  readonly steps: Step[] = [];
  private clicks = 0;
  private fields = 0;
  private pages = 0;
  private waited = 0;
  private path = '';

  constructor(readonly page: Page) {
    page.on('framenavigated', (frame) => {
      const { pathname } = new URL(frame.url());
      if (frame !== page.mainFrame() || pathname === this.path) return;
      this.path = pathname;
      this.pages++;
    });
  }

  /** Ends what was counted since the last step. */
  step(name: string): void {
    const { clicks, fields, pages, waited } = this;
    this.steps.push({ name, clicks, fields, pages, waited });
    this.clicks = this.fields = this.pages = this.waited = 0;
  }

  open(path: string, shows: Locator): Promise<void> {
    return this.wait(() => this.page.goto(path), shows);
  }

  click(what: Locator, shows: Locator): Promise<void> {
    this.clicks++;
    return this.wait(() => what.click({ timeout: PATIENCE_MS }), shows);
  }

  clickAt({ x, y }: { x: number; y: number }, shows: Locator): Promise<void> {
    this.clicks++;
    return this.wait(() => this.page.mouse.click(x, y), shows);
  }

  async fill(what: Locator, text: string): Promise<void> {
    this.fields++;
    await what.fill(text);
  }

  /** @param shows what the person waits for */
  private async wait(act: () => Promise<unknown>, shows: Locator): Promise<void> {
    const began = performance.now();
    await act();
    await shows.first().waitFor({ timeout: PATIENCE_MS });
    this.waited += (performance.now() - began) / 1_000;
  }
}
