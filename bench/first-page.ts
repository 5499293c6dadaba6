import type { Page } from 'playwright-core';
import { arena } from '../src/operations/demo/arena.js';
import { DESKTOP, openBrowser, openContext } from '../test/support/browser.js';
import { realHall } from '../test/support/halls.js';
import { startAppChild } from './app-child.js';
import { Hall } from './hall.js';
import type { Gate, Options, Scenario } from './scenario.js';

const SEATS = 50_000;
/** A phone far from the next mast. */
const LINE = { latency: 300, downloadThroughput: 50_000, uploadThroughput: 50_000, offline: false };
const MOST_SCRIPT_KB = 110;
const MOST_MS = 2_500;
const MOST_CHUNKS = 2_000_000;

/** The first visit over a slow line, with an empty cache: when something to read is there, and what it took. */
export const firstPage: Scenario = {
  name: 'first-page',
  title: 'The first page at 400 kbit/s and 300 ms',
  run,
};

interface Visit {
  readonly content: number;
  readonly app: number;
  readonly kilobytes: Readonly<Record<string, number>>;
  readonly requests: number;
  readonly shift: number;
}

async function run({ rounds, note }: Options): Promise<Gate[]> {
  const app = await startAppChild();
  const browser = await openBrowser();
  try {
    const hall = await Hall.build(app.url, app.db, 20, 40);
    const small = await hall.sell();
    const handball = await (await Hall.of(app.url, app.db, realHall(), 1_500)).sell();
    const large = await (await Hall.of(app.url, app.db, arena(), SEATS)).sell();
    const pages = [
      ['home', '/', 'form.search'],
      ['event', `/events/${small}`, '.map-frame canvas'],
      ['handball', `/events/${handball}`, '.map-frame canvas'],
      ['arena', `/events/${large}`, '.map-frame canvas'],
    ] as const;
    const gates: Gate[] = [];
    for (const [name, path, complete] of pages) {
      const visits: Visit[] = [];
      for (let round = 0; round < rounds; round++) {
        const { context } = await openContext(browser, app.url, { viewport: DESKTOP });
        visits.push(await visit(await context.newPage(), path, complete));
        await context.close();
      }
      for (const { content, app: whole, kilobytes, requests, shift } of visits)
        note(
          `${name}: content ${content.toFixed(0)} ms, ${complete} ${whole.toFixed(0)} ms, ${requests} requests, ` +
            `shift ${shift.toFixed(3)}, kB ${Object.entries(kilobytes)
              .map(([type, size]) => `${type} ${size.toFixed(1)}`)
              .join(', ')}`,
        );
      gates.push({
        path: `${name}: first content`,
        against: 'absolute',
        unit: 'ms',
        ours: visits.map(({ content }) => content),
        bound: { atMost: MOST_MS },
      });
      if (name === 'home')
        gates.push({
          path: 'home: JavaScript',
          against: 'absolute',
          unit: 'kB',
          ours: visits.map(({ kilobytes }) => kilobytes.Script ?? 0),
          bound: { atMost: MOST_SCRIPT_KB },
        });
    }
    return gates;
  } finally {
    await browser.close();
    await app.stop();
  }
}

async function visit(page: Page, path: string, complete: string): Promise<Visit> {
  const line = await page.context().newCDPSession(page);
  await line.send('Network.enable', { maxTotalBufferSize: MOST_CHUNKS });
  await line.send('Network.emulateNetworkConditions', LINE);
  const types = new Map<string, string>();
  const kilobytes: Record<string, number> = {};
  // Bodies as they are sent, like `frame.test.ts`: what has come by the time of the answer are its headers.
  const headers = new Map<string, number>();
  line.on('Network.responseReceived', ({ requestId, type, response }) => {
    types.set(requestId, type);
    headers.set(requestId, response.encodedDataLength);
  });
  line.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const type = types.get(requestId);
    if (type)
      kilobytes[type] = (kilobytes[type] ?? 0) + (encodedDataLength - headers.get(requestId)!) / 1_000;
  });
  await page.addInitScript(`window.shift = 0; new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.shift += value;
  }).observe({ type: 'layout-shift', buffered: true })`);
  await page.goto(path, { waitUntil: 'commit' });
  await page.locator(complete).first().waitFor();
  const [content, app, shift] = (await page.evaluate(`[
    performance.getEntriesByName('first-contentful-paint')[0].startTime, performance.now(), window.shift,
  ]`)) as [number, number, number];
  return { content, app, kilobytes, requests: types.size, shift };
}
