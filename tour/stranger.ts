import type { Page } from 'playwright-core';
import { findFree } from '../test/support/shop-pages.js';
import { CountedPage, type Step } from './counted-page.js';

/** A click as the keystroke-level model has it: thinking 1.35 s, pointing 1.1 s, pressing 0.2 s. */
const CLICK_SECONDS = 2.65;
/** Thinking, pointing, and ten keys. */
const FIELD_SECONDS = 5.25;
const PATIENCE_SECONDS = 300;

/**
 * Somebody who has never seen Evently: from a demo that has just started to a seat with its ticket, then as the organizer
 * to the sales. Takes the shortest way that the pages offer.
 * @param page of a browser without any account, on the demo
 */
export async function playStranger(page: Page): Promise<Step[]> {
  const counted = new CountedPage(page);
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const link = (name: string | RegExp) => page.getByRole('link', { name });

  await counted.open('/', link(/^Handball/));
  counted.step('open the shop');
  await counted.click(link(/^Handball/).first(), page.getByText('Live', { exact: true }));
  counted.step('choose an event');
  const seat = await findFree(page);
  await counted.clickAt(seat, page.getByRole('button', { name: 'Log in and continue', disabled: false }));
  counted.step('choose a seat');
  await counted.click(button('Log in and continue'), button('buyer'));
  await counted.click(button('buyer'), page.getByLabel('Card number'));
  counted.step("log in with the demo's button");
  await counted.click(page.getByText('Test cards'), button(/^Use 4242/));
  await counted.click(button(/^Use 4242/), button(/^Pay /));
  await counted.click(button(/^Pay /), page.getByRole('img', { name: /^QR code of ticket/ }));
  counted.step('pay with a test card, see the ticket');
  await counted.click(button('Menu'), button('Log out'));
  await counted.click(button('Log out'), link('Log in'));
  await counted.click(link('Log in'), button('organizer'));
  await counted.click(button('organizer'), link(/^Handball/));
  counted.step('log in as the organizer');
  const sales = page.getByRole('navigation', { name: /^Handball/ }).getByRole('link', { name: 'Sales' });
  await counted.click(link(/^Handball/), sales);
  await counted.click(sales, page.getByRole('img', { name: /^Chart of the course: / }));
  counted.step('see the sales');
  return counted.steps;
}

/**
 * The table of the steps.
 * @param ready seconds from `npm start` until it said that it is ready
 * @returns lines, and whether all of it fits into five minutes
 */
export function tellStranger(steps: readonly Step[], ready: number): { lines: string[]; inTime: boolean } {
  const sum = (name: 'clicks' | 'fields' | 'pages' | 'waited') =>
    steps.reduce((total, step) => total + step[name], 0);
  const row = (...cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  const [clicks, fields, waited] = [sum('clicks'), sum('fields'), sum('waited')];
  const person = clicks * CLICK_SECONDS + fields * FIELD_SECONDS;
  const all = ready + waited + person;
  return {
    lines: [
      row('step', 'clicks', 'fields', 'pages', 'waited'),
      row('---', '---', '---', '---', '---'),
      row('`npm start` in an empty folder', 0, 0, 0, `${ready.toFixed(1)} s`),
      ...steps.map(({ name, ...step }) =>
        row(name, step.clicks, step.fields, step.pages, `${step.waited.toFixed(1)} s`),
      ),
      row('**all**', clicks, fields, sum('pages'), `${(ready + waited).toFixed(1)} s`),
      '',
      `The machine: ${ready.toFixed(1)} s to start, ${waited.toFixed(1)} s for all pages. A person, by the keystroke-level model: ` +
        `${person.toFixed(0)} s. Together ${all.toFixed(0)} s.`,
    ],
    inTime: all <= PATIENCE_SECONDS,
  };
}
