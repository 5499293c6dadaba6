import type { Browser, BrowserContext, chromium as Chromium, Page } from 'playwright-core';
import type { Person } from './people.js';
import { tool } from './tools.js';
import { fromTools } from './tools-package.js';

const { chromium } = await fromTools<{ chromium: typeof Chromium }>('playwright-core');

export const DESKTOP = { width: 1280, height: 720 };
/** As narrow as phones in use are. */
export const PHONE = { width: 360, height: 780 };

/** Root has no sandbox. */
export const openBrowser = (args: string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: tool('chromium'), args: ['--no-sandbox', ...args] });

/** A browser, logged in as a person or as nobody. Errors that the pages report are collected. */
export async function openContext(
  browser: Browser,
  baseURL: string,
  {
    person,
    viewport = DESKTOP,
    locale = 'en-GB',
    hasTouch = false,
  }: { person?: Person; viewport?: typeof DESKTOP; locale?: string; hasTouch?: boolean } = {},
): Promise<{ context: BrowserContext; complaints: string[] }> {
  const context = await browser.newContext({
    baseURL,
    viewport,
    locale,
    hasTouch,
    timezoneId: 'Europe/Berlin',
  });
  context.setDefaultTimeout(40_000);
  if (person) {
    const tokens = JSON.stringify({ accessToken: person.token });
    // Blank pages in between have no storage.
    await context.addInitScript(`try { localStorage.setItem('evently.tokens', '${tokens}') } catch {}`);
  }
  const complaints: string[] = [];
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (message) => {
    // Refusals that a page shows in its own words are logged by the browser as well.
    if (message.type() === 'error' && !/status of 4\d\d|ERR_INTERNET_DISCONNECTED/.test(message.text()))
      complaints.push(message.text());
  });
  return { context, complaints };
}

/** People with a page each, or several; what any of the pages complains about is known in the end. */
export class Visitors {
  private readonly opened: Awaited<ReturnType<typeof openContext>>[] = [];

  constructor(
    private readonly browser: Browser,
    private readonly url: string,
  ) {}

  /** A page in a browser of its own. */
  async open(person?: Person, more: Parameters<typeof openContext>[2] = {}): Promise<Page> {
    const opened = await openContext(this.browser, this.url, { person, ...more });
    this.opened.push(opened);
    return opened.context.newPage();
  }

  /** Closes all pages. @returns their complaints */
  async leave(): Promise<string[]> {
    for (const { context } of this.opened) await context.close();
    return this.opened.flatMap(({ complaints }) => complaints);
  }
}

/** Presses Tab until the element that has the focus is called like this, as its role says it. */
export async function tabTo(page: Page, name: RegExp, most = 60): Promise<void> {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    const label = await page.evaluate(FOCUSED_NAME);
    if (name.test(String(label))) return;
  }
  throw new Error(`No stop of the Tab key is called ${name}`);
}

// As far as the elements of this app need it.
const FOCUSED_NAME = `(({ activeElement: element }) =>
  element.getAttribute('aria-label') ?? (element.labels?.[0] ?? element).textContent)(document)`;
