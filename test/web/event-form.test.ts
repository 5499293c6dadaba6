import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { startApp, type TestApp } from '../support/app.js';
import { DESKTOP, openBrowser, PHONE, Visitors } from '../support/browser.js';
import type { Json } from '../support/client.js';
import { openSale, plainHall, type Sale } from '../support/halls.js';
import { describeWith } from '../support/needing.js';
import { until } from '../support/until.js';

// The web app is no part of this program's build; Node reads its TypeScript.
const load = (): Promise<Json> =>
  import(pathToFileURL(resolve('web/src/desk/event-form/usual-times.ts')).href);

test('end and doors follow the start at their distance, and are two hours after and one before where they were empty', async () => {
  const { timesFor } = await load();
  const none = { endsAt: '', doorsAt: '' };
  assert.deepEqual(timesFor('2031-12-31T23:00', '', none, true), {
    endsAt: '2032-01-01T01:00',
    doorsAt: '2031-12-31T22:00',
  });
  // An event that exists stays without doors: somebody may have left them out.
  assert.equal(timesFor('2031-12-31T23:00', '', none, false).doorsAt, '');
  const times = { endsAt: '2031-07-04T22:30', doorsAt: '2031-07-04T18:15' };
  assert.deepEqual(timesFor('2031-07-05T20:00', '2031-07-04T19:00', times, false), {
    endsAt: '2031-07-05T23:30',
    doorsAt: '2031-07-05T19:15',
  });
  assert.deepEqual(timesFor('', '2031-07-04T19:00', times, true), times);
  assert.deepEqual(timesFor('2031-07-04T19:00', '', times, true), times);
});

describeWith('chromium')('the form of an event', () => {
  let app: TestApp;
  let browser: Browser;
  let visitors: Visitors;
  let sale: Sale;
  let desk: string;

  beforeAll(async () => {
    app = await startApp();
    browser = await openBrowser();
    visitors = new Visitors(browser, app.url);
    sale = await openSale(app, plainHall(2, 4), { title: 'Night of the long songs' });
    desk = `/desk/events/${sale.eventId}`;
  });
  afterAll(async () => {
    await visitors?.leave();
    await browser?.close();
    await app.close();
  });

  const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true });
  const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
  const event = async () => (await sale.organizer.client.get(`/events/${sale.eventId}`)).body;

  test('a new event begins with the only venue, its zone and usual times, and has doors, age and length', async () => {
    const page = await visitors.open(sale.organizer);
    await page.goto('/desk/events/new');
    await page.getByText('All times are those at the venue: Europe/Berlin, Central European Time.').waitFor();
    assert.equal(await field(page, 'Venue').locator('option:checked').textContent(), 'Hall, Erfurt');
    await field(page, 'Title').fill('Matinee');
    await field(page, 'Category').fill('Concert');
    await field(page, 'Starts').fill('2031-07-04T11:00');
    assert.equal(await field(page, 'Ends').inputValue(), '2031-07-04T13:00');
    assert.equal(await field(page, 'Doors open').inputValue(), '2031-07-04T10:00');
    await field(page, 'Ends').fill('2031-07-04T12:30');
    await field(page, 'Starts').fill('2031-07-04T12:00');
    assert.equal(await field(page, 'Ends').inputValue(), '2031-07-04T13:30');
    await field(page, 'Minimum age in years').fill('6');
    await field(page, 'Length in minutes').fill('75');
    await field(page, 'Description').fill('With **two** flutes.');
    await page.getByText('Preview of the description').click();
    await page.locator('strong', { hasText: /^two$/ }).waitFor();
    await save(page).click();
    await page.getByRole('heading', { name: 'Prices' }).waitFor();
    const id = page.url().split('/').at(-2)!;
    const { startsAt, endsAt, doorsAt, minAge, durationMinutes, description } = (
      await sale.organizer.client.get(`/events/${id}`)
    ).body;
    assert.deepEqual(
      [startsAt, endsAt, doorsAt, minAge, durationMinutes, description],
      [
        '2031-07-04T10:00:00.000Z',
        '2031-07-04T11:30:00.000Z',
        '2031-07-04T09:00:00.000Z',
        6,
        75,
        'With **two** flutes.',
      ],
    );
    await page.goto('/desk/events/new');
    await field(page, 'Title').waitFor();
    assert.equal(await field(page, 'Title').inputValue(), '', 'what is saved is no draft');
  });

  test('faults stand above the form with the way to their fields, in the words of the page', async () => {
    const page = await visitors.open(sale.organizer, { viewport: PHONE });
    await page.goto(desk);
    await field(page, 'Title').fill('');
    await field(page, 'Minimum age in years').fill('120');
    await save(page).click();
    const faults = page.getByRole('alert');
    await faults.getByText('2 fields need your attention').waitFor();
    await until(async () => (await page.evaluate('document.activeElement.role')) === 'alert');
    await faults.getByRole('link', { name: 'Minimum age in years: At most 99, please.' }).click();
    assert.equal(await page.evaluate('document.activeElement.name'), 'minAge');
    const parts = page.getByRole('navigation', { name: 'Parts of the form' });
    assert.match((await parts.getByRole('link').first().textContent())!, /!/);
    await field(page, 'Title').fill('Night of the long songs');
    await field(page, 'Minimum age in years').fill('');
    await field(page, 'Doors open').fill('2020-07-04T20:00');
    await field(page, 'Minutes to pay').fill('0.5');
    await save(page).click();
    await faults.getByText('1 field needs your attention').waitFor();
    await faults
      .getByRole('link', { name: /^Doors open: The doors must not open more than 24 hours/ })
      .click();
    assert.equal(await page.evaluate('document.activeElement.name'), 'doorsAt');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    assert.equal(await field(page, 'Doors open').inputValue(), '');
    assert.equal(await faults.count(), 0);
  });

  test('what is not saved is there again after another page and after loading, until it is discarded or saved', async () => {
    const page = await visitors.open(sale.organizer);
    page.on('dialog', (dialog) => void dialog.accept());
    await page.goto(desk);
    await field(page, 'Category').fill('Opera');
    await page.getByText('Not saved yet', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Prices and seats' }).click();
    await page.getByRole('heading', { name: 'Prices' }).waitFor();
    await page.getByRole('link', { name: 'Details' }).click();
    await page.getByText('Your changes of before are here again.').waitFor();
    assert.equal(await field(page, 'Category').inputValue(), 'Opera');
    await page.reload();
    await page.getByText('Not saved yet', { exact: true }).waitFor();
    assert.equal(await field(page, 'Category').inputValue(), 'Opera');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    assert.equal(await field(page, 'Category').inputValue(), 'sport');
    assert.equal(await page.getByText('Not saved yet', { exact: true }).count(), 0);
    // Changed and changed back is no change.
    await field(page, 'Category').fill('Opera');
    await field(page, 'Category').fill('sport');
    assert.equal(await page.getByText('Not saved yet', { exact: true }).count(), 0);
    await field(page, 'Category').fill('Ballet');
    await save(page).click();
    await page.getByText('Saved.').waitFor();
    assert.equal((await event()).category, 'Ballet');
    await page.reload();
    await field(page, 'Category').waitFor();
    assert.equal(await page.getByText('Not saved yet', { exact: true }).count(), 0);
  });

  test('a picture is uploaded beside what is being written, shown, and removed; a new event takes one along', async () => {
    const picture = async (background: string) => ({
      name: 'picture.png',
      mimeType: 'image/png',
      buffer: await sharp({ create: { width: 640, height: 360, channels: 3, background } })
        .png()
        .toBuffer(),
    });
    const page = await visitors.open(sale.organizer);
    page.on('dialog', (dialog) => void dialog.accept());
    await page.goto(desk);
    await field(page, 'Category').fill('Opera');
    const upload = page.getByRole('region', { name: 'Upload a picture' });
    const file = upload.locator('input');
    await file.setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') });
    await upload.getByText('A picture is a whole PNG, JPEG, WebP or AVIF file.').waitFor();
    await file.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
    await upload.getByRole('alert').getByText('A picture is a whole PNG, JPEG, WebP or AVIF file.').waitFor();
    assert.equal(await upload.getByRole('img').count(), 0);
    await file.setInputFiles(await picture('#b5179e'));
    const shown = upload.getByRole('img', { name: 'Night of the long songs' });
    await until(async () => (await event()).image !== null);
    await until(async () => /\/api\/v1\/images\//.test((await shown.getAttribute('src')) ?? ''));
    await until(async () => (await shown.evaluate('(image) => image.naturalWidth')) !== 0);
    assert.equal(await field(page, 'Category').inputValue(), 'Opera');
    await upload.getByRole('button', { name: 'Remove the picture' }).click();
    await until(async () => (await event()).image === null);
    await page.getByRole('button', { name: 'Discard changes' }).click();

    await page.goto('/desk/events/new');
    await field(page, 'Title').fill('Pictured');
    await field(page, 'Category').fill('Concert');
    await field(page, 'Starts').fill('2031-07-04T11:00');
    await file.setInputFiles(await picture('#3a86ff'));
    await upload.getByRole('button', { name: 'Choose another picture' }).waitFor();
    await save(page).click();
    await page.getByRole('heading', { name: 'Prices' }).waitFor();
    const made = await sale.organizer.client.get(`/events/${page.url().split('/').at(-2)}`);
    assert.ok(made.body.image);
  });

  for (const viewport of [DESKTOP, PHONE])
    test(`at ${viewport.width} px saving and the parts of the form are in view from any place of it`, async () => {
      const page = await visitors.open(sale.organizer, { viewport });
      await page.goto(desk);
      const parts = page.getByRole('navigation', { name: 'Parts of the form' });
      await parts.getByRole('link', { name: 'Returns' }).click();
      await until(async () => (await parts.locator('[aria-current]').textContent()) === 'Returns');
      const current = parts.locator('[aria-current]');
      for (const shown of [save(page), parts, current, page.getByRole('heading', { name: 'Returns' })]) {
        const { x, y, width, height } = (await shown.boundingBox())!;
        assert.ok(y >= 0 && y + height <= viewport.height && x + width <= viewport.width, `${x}, ${y}`);
      }
      // Nothing that gets the focus lies below the bar.
      const fee = page.getByLabel('Refund fees as well');
      await fee.focus();
      const bar = (await page.locator('.save-bar').boundingBox())!;
      const box = (await fee.boundingBox())!;
      assert.ok(box.y + box.height <= bar.y);
    });
});
