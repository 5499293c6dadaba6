import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { arena } from '../src/operations/demo/arena.js';
import { DESKTOP, openBrowser, openContext } from '../test/support/browser.js';
import { type AppChild, holdRequest, startAppChild } from './app-child.js';
import { Hall } from './hall.js';
import type { Gate, Options, Scenario } from './scenario.js';
import { openLoop } from './sender.js';
import { spread } from './stats.js';
import { framesOf } from './trace.js';

const SEATS = 50_000;
const CHANGES_PER_SECOND = 200;
const SECONDS = 6;
/** Milliseconds between the publishing of an event and its first visitor. */
const REST = 4_000;
/** So many times as far the map zooms while the control key is down, as a trackpad needs it. */
const CONTROL = 6;
/** How far the wheel is turned: sections, the most seats at once, few large seats. At rest the map does not move. */
const VIEWS = [
  ['sections', 1],
  ['most seats at once', 3],
  ['large seats', 3],
] as const;

/**
 * A hall of 50,000 seats in a real browser, while others buy: the first picture, and how smoothly it moves under the
 * hand.
 */
export const map: Scenario = { name: 'map', title: 'The seat map of 50,000 seats in Chromium', run };

async function run({ rounds, quick, note }: Options): Promise<Gate[]> {
  const app = await startAppChild();
  const browser = await openBrowser();
  const first: number[] = [];
  const rates: number[] = [];
  const longest: number[] = [];
  try {
    const hall = await Hall.of(app.url, app.db, arena(), SEATS);
    for (let round = 0; round < rounds; round++) {
      const eventId = await hall.sell();
      const { context, complaints } = await openContext(browser, app.url, { viewport: DESKTOP });
      const page = await context.newPage();
      // The database's work on 50,000 new rows must not be measured with the picture: both share the same cores.
      await sleep(REST);
      first.push(await firstPicture(page, `/events/${eventId}`));
      note(`first picture after ${first.at(-1)!.toFixed(0)} ms`);
      await page.getByText('Live', { exact: true }).waitFor();
      const box = (await page.locator('.map-frame canvas').boundingBox())!;
      // Among the seats, at every scale.
      const at = { x: box.x + box.width * 0.2, y: box.y + box.height * 0.5 };
      await page.mouse.move(at.x, at.y);
      for (const [view, steps] of VIEWS) {
        // Without the key the wheel scrolls the page over a map at rest.
        await page.keyboard.down('Control');
        for (let step = 0; step < steps; step++) await page.mouse.wheel(0, -250 / CONTROL);
        await page.keyboard.up('Control');
        const seconds = quick ? 2 : SECONDS;
        await browser.startTracing(page, {
          categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline.frame'],
        });
        await Promise.all([pan(page, at, seconds), sell(app, eventId, seconds)]);
        const frames = framesOf(await browser.stopTracing());
        const { p50, p99, max } = spread(frames);
        rates.push(1_000 / p50);
        longest.push(max);
        note(
          `${view}: ${frames.length} frames, ${(1_000 / p50).toFixed(0)} a second, p99 ${p99.toFixed(0)} ms, longest ${max.toFixed(0)} ms`,
        );
      }
      if (complaints.length > 0) throw new Error(complaints.join('\n'));
      await context.close();
    }
  } finally {
    await browser.close();
    await app.stop();
  }
  const absolute = { against: 'absolute', unit: 'ms' };
  return [
    { ...absolute, path: 'first picture after navigation', ours: first, bound: { atMost: 1_500 } },
    {
      ...absolute,
      path: 'frames a second, slowest view',
      unit: '',
      ours: [Math.min(...rates)],
      bound: { atLeast: 30 },
    },
    { ...absolute, path: 'longest frame of all', ours: [Math.max(...longest)], bound: { atMost: 100 } },
  ];
}

/** Milliseconds from the navigation to the frame after the one in which the map was drawn first. */
async function firstPicture(page: Page, path: string): Promise<number> {
  await page.goto(path, { waitUntil: 'commit' });
  return page.evaluate(`new Promise((seen) => new PerformanceObserver((list) => {
    if (list.getEntriesByName('evently:map').length > 0) requestAnimationFrame(() => seen(performance.now()));
  }).observe({ type: 'mark', buffered: true }))`);
}

/** Drags the map to and fro with the mouse. */
async function pan(page: Page, from: { x: number; y: number }, seconds: number): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  const end = Date.now() + seconds * 1_000;
  for (let i = 0; Date.now() < end; i++) {
    const angle = i / 12;
    await page.mouse.move(from.x + 160 * Math.sin(angle), from.y + 90 * Math.sin(angle * 0.7));
    await sleep(8);
  }
  await page.mouse.up();
}

async function sell(app: AppChild, eventId: string, seconds: number): Promise<void> {
  const [token] = (await app.tokens(1)) as [string];
  const path = `/events/${eventId}/holds`;
  const next = () => holdRequest(path, token, Math.floor(Math.random() * SEATS));
  await openLoop(app.url, { connections: 8, seconds, rate: CHANGES_PER_SECOND }, next);
}
