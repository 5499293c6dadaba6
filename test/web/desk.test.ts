import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { TicketsService } from '../../src/tickets/tickets.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { assertAuditClean } from '../support/audit.js';
import { openBrowser, openContext } from '../support/browser.js';
import type { Client, Json } from '../support/client.js';
import { fakeCamera, showToCamera } from '../support/fake-camera.js';
import { openSale, plainHall } from '../support/halls.js';
import { card } from '../support/money.js';
import { describeWith } from '../support/needing.js';
import type { Person } from '../support/people.js';

const PLAN = 'data/venues/riethsporthalle-erfurt.seating-plan.json';
const META = 'data/venues/riethsporthalle-erfurt.meta.json';

/** A hall in which seat 3 of the first row has a category that is not there, and seat 4 the guid of seat 5. */
function brokenPlan(): Buffer {
  const plan = JSON.parse(readFileSync(PLAN, 'utf8')) as Json;
  const [, , third, fourth, fifth] = plan.zones[0].rows[0].seats;
  third.category = 'Kategorie IX';
  fourth.seat_guid = fifth.seat_guid;
  return Buffer.from(JSON.stringify(plan));
}

describeWith('chromium')('the desk of organizers', () => {
  let app: TestApp;
  let browser: Browser;
  let organizer: Person;
  let page: Page;
  let eventId: string;
  let bought: { id: string; client: Client };
  const folder = mkdtempSync(join(tmpdir(), 'evently-camera-'));
  const film = join(folder, 'film.y4m');
  let own: { context: BrowserContext; complaints: string[] };

  beforeAll(async () => {
    app = await startApp();
    browser = await openBrowser(fakeCamera(film));
    [organizer] = await app.people(1, 'organizer');
    own = await openContext(browser, app.url, { person: organizer });
    // Halls are drawn by the processor here, while it has other work as well.
    own.context.setDefaultTimeout(30_000);
    page = await own.context.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await assertAuditClean(app);
    await app.close();
    rmSync(folder, { recursive: true });
  });

  async function tokenOfAnotherEvent(): Promise<string> {
    const other = await openSale(app, plainHall(1, 1));
    const { id, client } = await buy({ seats: [0] }, other.eventId);
    return (await client.get(`/bookings/${id}/tickets`)).body.data[0].token;
  }
  async function buy(hold: Json, event = eventId): Promise<{ id: string; client: Client }> {
    const [{ client }] = await app.people(1);
    const { body } = await client.post(`/events/${event}/holds`, hold);
    assert.equal((await client.post(`/bookings/${body.id}/checkout`, card())).status, 200);
    await app.nest.get(TicketsService).issue(event, body.id);
    return { id: body.id, client };
  }
  const ticketsBought = async (): Promise<Json> =>
    (await bought.client.get(`/bookings/${bought.id}/tickets`)).body.data;
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  /** At the gate. */
  const check = async (code: string) => {
    await page.getByLabel('Code of the ticket').fill(code);
    await button('Check').click();
  };
  const publish = async (says: string) => {
    await button('Publish').click();
    const sheet = page.getByRole('dialog', { name: 'Put it on sale?' });
    await sheet.getByText(says).waitFor();
    await sheet.getByRole('button', { name: 'Publish now' }).click();
  };
  const choose = async (...files: Parameters<ReturnType<Page['locator']>['setInputFiles']>[0][]) => {
    for (const file of files) await page.locator('input[type=file]').setInputFiles(file);
  };

  test('a venue, the problems of a broken plan, then the real one with its wheelchair places', async () => {
    await page.goto('/desk/venues/new');
    for (const [label, text] of [
      ['Name', 'Riethsporthalle'],
      ['Street and number', 'Essener Straße 20'],
      ['City', 'Erfurt'],
      ['Capacity', '1200'],
    ] as const)
      await page.getByLabel(label, { exact: true }).fill(text);
    await page.getByLabel('Time zone').selectOption('Europe/Berlin');
    await button('Save').click();
    await page.getByRole('heading', { name: 'Riethsporthalle' }).waitFor();

    await choose({ name: 'broken.json', mimeType: 'application/json', buffer: brokenPlan() });
    await page.getByText('cannot be drawn').waitFor();
    await button('Import this plan').click();
    const problems = page.getByRole('list', { name: 'Problems' });
    await problems.waitFor();
    const text = await problems.innerText();
    assert.match(text, /^Seat 3 in row 14 of Block D: the plan has no category “Kategorie IX”\./m);
    assert.match(
      text,
      /^Seat 5 in row 14 of Block D: “D-14-5” stands at another place already: Seat 4 in row 14 of Block D\./m,
    );

    await button('Another file').click();
    await choose([PLAN, META]);
    await page.locator('.map-frame canvas').waitFor();
    await page.getByText('1,252 seats · 21 wheelchair places').waitFor();
    assert.equal(await page.getByLabel('Name of the area').inputValue(), 'Stehplatz');
    await button('Import this plan').click();
    await page.getByText('The plan has 1,500 places; the capacity of the venue is 1,200.').waitFor();
    await page.getByLabel('Capacity').fill('1500');
    await button('Save').click();
    await page.getByText('Saved.').waitFor();
    await button('Import this plan').click();
    await page.getByText('Riethsporthalle Erfurt, version 1').waitFor();
    const { body } = await organizer.client.get(`/venues/${page.url().split('/').at(-1)}/seating-plans`);
    assert.deepEqual([body.data[0].seatCount, body.data[0].placeCount], [1252, 1500]);
  });

  test('a draft with times at the place, faults beside their fields, prices, and publishing', async () => {
    await page.getByRole('link', { name: 'New event' }).click();
    await page.getByLabel('Title').fill('Erfurt – Leipzig');
    await page.getByLabel('Category').fill('Handball');
    await page.getByLabel('Starts').first().fill('2031-07-04T19:00');
    await page.getByLabel('Ends', { exact: true }).fill('2031-07-04T18:00');
    await button('Save').click();
    const ends = page.getByLabel('Ends', { exact: true });
    await page.getByText('The end must be after the start.', { exact: true }).waitFor();
    assert.equal(await ends.getAttribute('aria-invalid'), 'true');
    await ends.fill('2031-07-04T21:00');
    await button('Save').click();
    await page.getByRole('heading', { name: 'Prices' }).waitFor();
    eventId = page.url().split('/').at(-2)!;
    const draft = (await organizer.client.get(`/events/${eventId}`)).body;
    assert.deepEqual([draft.startsAt, draft.timezone], ['2031-07-04T17:00:00.000Z', 'Europe/Berlin']);

    const prices = page.getByRole('spinbutton');
    assert.equal(await prices.count(), 7);
    for (const [i, price] of ['24.50', '18', '12', '15', '21', '60', '9'].entries())
      await prices.nth(i).fill(price);
    await button(/^Kategorie I, €24\.50/).waitFor();
    await Promise.all([
      page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.ok()),
      button('Save the prices').click(),
    ]);
    await page.getByRole('link', { name: 'Details' }).click();
    const checks = page.getByRole('list', { name: 'Before it goes on sale' });
    await checks.getByText('1,500 places in the plan; the capacity of the venue is 1,500.').waitFor();
    const listed = (await checks.innerText()).split(/\n+/).filter((line) => line.length > 1);
    assert.deepEqual(listed, [
      'Every category has a price.',
      'Set prices',
      'Friday, 4 July 2031 at 19:00 CEST until 21:00',
      'Change',
      'On sale as soon as it is published, until the event ends.',
      'Change',
      'There is no image, so one is drawn.',
      'Change',
      'Tickets can be given back for the whole price until the event starts.',
      'Change',
      '1,500 places in the plan; the capacity of the venue is 1,500.',
      'To the venue',
    ]);
    assert.equal(await checks.getByRole('img', { name: 'Ready' }).count(), 5);
    await checks.getByRole('link', { name: 'Change' }).first().click();
    assert.ok(await page.getByRole('heading', { name: 'When' }).isVisible());
    await page.getByRole('link', { name: 'Preview' }).click();
    await page.getByRole('heading', { name: 'Erfurt – Leipzig' }).waitFor();
    await page.locator('.map-frame canvas').waitFor();
    await page.getByRole('link', { name: 'Back to the draft' }).click();
    await publish('“Erfurt – Leipzig” goes on sale at once, for everybody.');
    await page.getByText('On sale', { exact: true }).waitFor();
    const published = (await organizer.client.get(`/events/${eventId}`)).body;
    assert.equal(published.status, 'published');
    assert.deepEqual(
      published.priceTiers.map(({ price }: Json) => price).sort(),
      [1200, 1500, 1800, 2100, 2450, 6000, 900],
    );
  });

  test('publishing says what printed tickets cannot show', async () => {
    const { venueId, planId, startsAt, endsAt } = (await organizer.client.get(`/events/${eventId}`)).body;
    const { body: draft } = await organizer.client.post('/events', {
      ...{ venueId, planId, startsAt, endsAt, title: 'ᠮᠣᠩ', category: 'Concert', currency: 'EUR' },
      priceTiers: [{ name: 'Standing', price: 900, area: 'Stehplatz' }],
    });
    await page.goto(`/desk/events/${draft.id}`);
    await page.getByText('Not for sale, because they have no price: Kategorie I,').waitFor();
    await publish('“ᠮᠣᠩ” goes on sale at once, for everybody.');
    const said = page.getByRole('dialog', { name: 'It is on sale.' });
    assert.match(await said.innerText(), /In the title\s+ᠮ ᠣ ᠩ/);
    await said.getByRole('button', { name: 'Understood' }).click();
    await page.getByText('On sale', { exact: true }).waitFor();
    assert.equal(await said.count(), 0);
    await page.goto(`/desk/events/${eventId}`);
  });

  test('another event with the same hall, prices and texts, but no dates', async () => {
    await page.getByRole('link', { name: 'Duplicate' }).click();
    await page.getByText('With hall, prices and texts of “Erfurt – Leipzig”.').waitFor();
    const starts = page.getByLabel('Starts').first();
    assert.equal(await starts.inputValue(), '');
    await starts.fill('2031-08-04T19:00');
    await page.getByLabel('Ends', { exact: true }).fill('2031-08-04T21:00');
    await button('Save').click();
    await page.getByRole('heading', { name: 'Prices' }).waitFor();
    const copyId = page.url().split('/').at(-2)!;
    assert.notEqual(copyId, eventId);
    const [copy, source] = await Promise.all(
      [copyId, eventId].map(async (id) => (await organizer.client.get(`/events/${id}`)).body),
    );
    const same = ['title', 'category', 'venueId', 'planId', 'currency', 'refundPolicy', 'priceTiers'];
    for (const field of same) assert.deepEqual(copy[field], source[field], field);
    assert.deepEqual([copy.status, copy.startsAt], ['draft', '2031-08-04T17:00:00.000Z']);
    await page.goto(`/desk/events/${eventId}`);
  });

  test('what somebody else has changed meanwhile is not overwritten', async () => {
    // The page has read the event before the other one changes it.
    await page.getByLabel('Category').waitFor();
    const edit = { title: 'Erfurt – Magdeburg' };
    const { headers } = await organizer.client.get(`/events/${eventId}`);
    const answer = await organizer.client.patch(`/events/${eventId}`, edit, { 'if-match': headers.etag! });
    assert.equal(answer.status, 200);
    await page.getByLabel('Category').fill('Sport');
    await button('Save').click();
    await page.getByText('Somebody else has changed this meanwhile').waitFor();
    await button('Reload').click();
    await page.getByRole('heading', { name: 'Erfurt – Magdeburg' }).waitFor();
    assert.equal(await page.getByLabel('Category').inputValue(), 'Handball');
  });

  test('seats are taken out of the sale by drawing a rectangle, and brought back', async () => {
    await page.getByRole('link', { name: 'Prices and seats' }).click();
    const canvas = page.locator('.sweeping canvas');
    await canvas.waitFor();
    await canvas.scrollIntoViewIfNeeded();
    const box = (await canvas.boundingBox())!;
    const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
    await page.mouse.move(...at(0.3, 0.05));
    await page.mouse.down();
    await page.mouse.move(...at(0.45, 0.3), { steps: 3 });
    await page.mouse.up();
    const block = button(/^Block [1-9]\d* seats/);
    const count = Number(/\d+/.exec(await block.innerText())![0]);
    await block.click();
    await page.getByText(`${count} seats are blocked.`).waitFor();
    const { body } = await organizer.client.get(`/events/${eventId}/seats`);
    const blocked = body.sections.reduce((sum: number, section: Json) => sum + section.blocked, 0);
    assert.equal(blocked, count);
    await page.mouse.move(...at(0.3, 0.05));
    await page.mouse.down();
    await page.mouse.move(...at(0.45, 0.3), { steps: 3 });
    await page.mouse.up();
    await button(`Release ${count} seats`).click();
    await page.getByText(`${count} seats are for sale again.`).waitFor();
  });

  test('sales arrive in the numbers and the chart while they are looked at, and can be saved', async () => {
    await page.getByRole('link', { name: 'Sales' }).last().click();
    const live = page.getByRole('region', { name: 'The whole sale, live' });
    await live.waitFor();
    await page.getByRole('img', { name: /^Chart of the course: 0 tickets/ }).waitFor();
    bought = await buy({ seats: [0, 1] });
    await page.getByRole('img', { name: /^Chart of the course: 2 tickets/ }).waitFor();
    // The two ways of the news are not equally quick.
    await live.getByText('2 of 1,500 places sold').waitFor();
    assert.match(await live.innerText(), /^Live\s/);
    await page.getByText(/€[1-9]\d\.\d\d gross, €0\.00 refunded/).waitFor();
    assert.equal(await page.getByText('to the period before').count(), 0);
    await button('By hour').click();
    await page.getByText('As a table').click();
    await page.getByRole('row', { name: /^\d+ \w{3,4} \d{4}, \d\d:00 2 0 €\d/ }).waitFor();
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      button('Course of the sale as CSV').click(),
    ]);
    assert.match(readFileSync((await saved.path())!, 'utf8'), /^\ufeffat,local,.*tickets/);
  });

  test('tickets are let in once, by code and by camera, and a scan can be taken back', async () => {
    await page.getByRole('link', { name: 'Check-in' }).click();
    const [first, second] = await ticketsBought();
    const whose = `${(await bought.client.get('/auth/me')).body.name}\n${first.place.text}\nTicket ${first.code}, booking ${first.bookingCode}`;
    const verdict = page.getByRole('status').filter({ hasText: first.code });
    await check(first.code.toLowerCase());
    await page.getByText('✓ Admitted').waitFor();
    assert.ok((await verdict.innerText()).includes(whose));
    await page.getByText('1 of 2 inside').waitFor();
    await page.getByText('Main entrance: 1').waitFor();
    const { gates } = (await organizer.client.get(`/events/${eventId}/check-in`)).body;
    assert.deepEqual(gates, [{ gate: 'main', checkedIn: 1 }]);
    assert.equal(await page.evaluate('document.activeElement.name'), 'code');
    await check(first.code);
    await page.getByText('✕ Already used').waitFor();
    assert.ok((await verdict.innerText()).includes(whose));
    await check('AAAA-AAAA');
    await page.getByText('There is no such ticket for this event.').waitFor();
    const returned = await buy({ seats: [2] });
    const [given] = (await returned.client.get(`/bookings/${returned.id}/tickets`)).body.data;
    assert.ok((await returned.client.post(`/bookings/${returned.id}/cancel`, {})).status < 300);
    await check(given.code);
    await page.getByText('The ticket was given back and is void.').waitFor();
    await check(await tokenOfAnotherEvent());
    await page.getByText('The ticket is for another event.').waitFor();
    await check(`${first.token.slice(0, -6)}AAAAAA`);
    await page.getByText('This code is not one of our tickets.').waitFor();

    showToCamera(film, second.token);
    await button('Scan with the camera').click();
    await page.getByText('✓ Admitted').waitFor();
    await page.getByText(second.code).waitFor();
    await button('Camera off').click();
    await check(second.code);
    await page.getByText('✕ Already used').waitFor();
    await organizer.client.post(`/events/${eventId}/check-in/undo`, { code: second.code, gate: 'x' });
    await check(second.code);
    await button('Take it back').click();
    await page.getByText('↺ Taken back').waitFor();
    await page.getByText('1 of 2 inside').waitFor();
  });

  test('a scan whose answer is lost again and again is one scan, also after a refusal that never saw it', async () => {
    const [, { code }] = await ticketsBought();
    const keys: (string | undefined)[] = [];
    // The page itself tries three times.
    const fates = ['lost', 'lost', 'lost', 'refused', 'answered'];
    await page.route('**/check-in', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      keys.push(route.request().headers()['idempotency-key']);
      const fate = fates.shift();
      if (fate === 'answered') return route.continue();
      if (fate === 'refused') {
        const problem = {
          type: 'about:blank',
          title: 'Too many requests',
          status: 429,
          code: 'rate_limited',
        };
        return route.fulfill({ status: 429, json: problem });
      }
      await route.fetch();
      return route.abort('internetdisconnected');
    });
    await check(code);
    await page.getByText('The server cannot be reached.').waitFor();
    await check(code);
    await page.getByText('That was a bit fast.').waitFor();
    const [answer] = await Promise.all([
      page.waitForResponse(
        (heard) => heard.request().method() === 'POST' && heard.url().endsWith('/check-in'),
      ),
      check(code),
    ]);
    assert.equal(answer.headers()['idempotency-replayed'], 'true');
    await page.getByText('✓ Admitted').waitFor();
    await page.getByText('2 of 2 inside').waitFor();
    assert.deepEqual([keys.length, new Set(keys).size, fates], [5, 1, []]);
    await page.unroute('**/check-in');
    await check(code);
    await page.getByText('✕ Already used').waitFor();
    await organizer.client.post(`/events/${eventId}/check-in/undo`, { code, gate: 'x' });
  });

  test('a sale is paused and goes on, and the open shop says so at once', async () => {
    const shop = await openContext(browser, app.url, {});
    const visitor = await shop.context.newPage();
    await visitor.goto(`/events/${eventId}`);
    await visitor.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Details' }).click();
    await button('Pause the sale').click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('Message to buyers').fill('We go on at noon.');
    await sheet.getByRole('button', { name: 'Pause now' }).click();
    await page.getByText('Buyers read: “We go on at noon.”').waitFor();
    await page.getByText('Sale paused', { exact: true }).waitFor();
    const told = visitor.getByText(/The sale is paused\. .* We go on at noon\./);
    await told.waitFor();
    assert.equal(await visitor.getByText('Best available').count(), 0);
    await button('Let the sale go on').click();
    await told.waitFor({ state: 'detached' });
    await visitor.getByText('Best available').waitFor();
    await shop.context.close();
    assert.deepEqual(shop.complaints, []);
  });

  test('before an event is called off it says what that does to whom', async () => {
    await page.getByRole('link', { name: 'Details' }).click();
    await button('Cancel the event').click();
    const sheet = page.getByRole('dialog');
    await sheet.getByText('2 valid tickets become void. Number of orders: 2.').waitFor();
    await sheet.getByLabel('Reason').fill('The hall was flooded.');
    await sheet.getByRole('button', { name: 'Cancel for everybody' }).click();
    await page.getByText('Cancelled: all is paid back').waitFor();
    await page.getByText('1 / 1').waitFor();
  });

  test('a webhook is made, shows its secret once, is tested and deleted', async () => {
    await page.goto('/desk/webhooks');
    await page.getByLabel('Web address of your system').fill('https://user@shop.example.org/evently');
    await button('Create the webhook').click();
    await page.getByText('The address must not contain a user name, a password or a “#”.').waitFor();
    await page.getByLabel('Web address of your system').fill('https://shop.example.org/evently');
    await page.getByLabel('Refunds').check();
    await button('Create the webhook').click();
    await page.getByText(/^whsec_/).waitFor();
    const [made] = (await organizer.client.get('/webhooks')).body.data;
    assert.deepEqual(made.facts, ['booking.*', 'refund.*']);
    await button('Send a test message').click();
    await page.getByText('webhook.ping', { exact: true }).waitFor();
    page.once('dialog', (dialog) => void dialog.accept());
    await button('Delete').click();
    await page.getByText('No webhooks').waitFor();
  });

  test('organizers who log in without a wish come to the desk', async () => {
    await page.goto('/login');
    await page.getByRole('heading', { name: 'Your events' }).waitFor();
    await page.goto('/login?next=%2Faccount');
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
  });

  test('other people are told that it is not for them', async () => {
    const [buyer] = await app.people(1);
    const { context } = await openContext(browser, app.url, { person: buyer });
    const other = await context.newPage();
    for (const path of ['/desk', `/desk/events/${eventId}`, '/operator']) {
      await other.goto(path);
      await other.getByRole('heading', { name: 'This is not for you' }).waitFor();
    }
    await context.close();
  });

  test('no page has complained', async () => {
    await own.context.close();
    assert.deepEqual(own.complaints, []);
  });
});
