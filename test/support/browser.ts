import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Person } from './people.js';
import { tool } from './tools.js';

export const DESKTOP = { width: 1280, height: 720 };
export const PHONE = { width: 390, height: 844 };

/** Chromium without a graphics card: WebGL is drawn by the processor. Root has no sandbox. */
export const openBrowser = (args: string[] = []): Promise<Browser> =>
  chromium.launch({
    executablePath: tool('chromium'),
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', ...args],
  });

/** A person's own browser, logged in already, or nobody's. Whatever the pages complain about is collected. */
export async function openContext(
  browser: Browser,
  baseURL: string,
  {
    person,
    viewport = DESKTOP,
    locale = 'en-GB',
  }: { person?: Person; viewport?: typeof DESKTOP; locale?: string } = {},
): Promise<{ context: BrowserContext; complaints: string[] }> {
  const context = await browser.newContext({ baseURL, viewport, locale, timezoneId: 'Europe/Berlin' });
  context.setDefaultTimeout(15_000);
  if (person) {
    const tokens = JSON.stringify({ accessToken: person.token });
    // The empty page that a new one begins as has no storage.
    await context.addInitScript(
      `if (location.protocol.startsWith('http')) localStorage.setItem('evently.tokens', '${tokens}')`,
    );
  }
  const complaints: string[] = [];
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (message) => {
    // Refusals that a page shows in its own words are logged by the browser as well.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text()))
      complaints.push(message.text());
  });
  return { context, complaints };
}

/** Presses Tab until the element that has the focus is called like this, as its role says it. */
export async function tabTo(page: Page, name: RegExp, most = 60): Promise<void> {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    const focused = page.locator('*:focus');
    const label = await focused.evaluate(ACCESSIBLE_NAME, undefined, { timeout: 500 }).catch(() => '');
    if (name.test(String(label))) return;
  }
  throw new Error(`No stop of the Tab key is called ${name}`);
}

// As far as the elements of this app need it.
const ACCESSIBLE_NAME = `(element) =>
  element.getAttribute('aria-label') ?? (element.labels?.[0] ?? element).textContent`;
