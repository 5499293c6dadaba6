import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { seriousFaults } from '../support/axe.js';
import { openBrowser, PHONE, tabTo, Visitors } from '../support/browser.js';
import type { Json } from '../support/client.js';
import { openSale, plainHall, type Sale } from '../support/halls.js';
import { giveRights } from '../support/members.js';
import { describeWith } from '../support/needing.js';
import type { Person } from '../support/people.js';
import { until } from '../support/until.js';

/** A folder for pictures. */
const FOLDER = process.env.EVENTLY_SCREENSHOTS;
const NARROW = { width: 320, height: 720 };
const TITLE = 'An evening at the organ';
const TRIAL = 'A trial of the organ';

describeWith('chromium')('keys and try-out events at the desk', () => {
  let app: TestApp;
  let browser: Browser;
  let visitors: Visitors;
  let sale: Sale;
  let owner: Person;

  beforeAll(async () => {
    app = await startApp();
    browser = await openBrowser();
    visitors = new Visitors(browser, app.url);
    sale = await openSale(app, plainHall(2, 10), { title: TITLE });
    owner = sale.organizer;
  });
  afterAll(async () => {
    const complaints = await visitors?.leave();
    await browser?.close();
    await app.close();
    assert.deepEqual(complaints, []);
  });

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const tabsOf = (page: Page) => page.getByRole('navigation', { name: 'Organizer desk' }).getByRole('link');
  const itemOf = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name });
  const accepting = (page: Page) => page.on('dialog', (dialog) => void dialog.accept());
  const statusFor = async (key: string, eventId: string) =>
    (await app.client(key).get(`/events/${eventId}/check-in`)).status;
  const keyIn = async (page: Page): Promise<string> =>
    (await page.getByRole('dialog').locator('code').innerText()).trim();
  const trialId = async (): Promise<string> => {
    const { data } = (await owner.client.get('/events?mine=true')).body;
    return data.find(({ sandbox }: Json) => sandbox).id;
  };
  async function picture(page: Page, name: string): Promise<void> {
    if (!FOLDER) return;
    mkdirSync(FOLDER, { recursive: true });
    await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true });
  }

  test('a try-out event is made, marked wherever it is named, and paid with a test card by a member', async () => {
    const page = await visitors.open(owner);
    await page.goto(`/desk/events/new?from=${sale.eventId}`);
    await page.getByRole('checkbox', { name: /^Try-out event/ }).check();
    await page.getByLabel('Title', { exact: true }).fill(TRIAL);
    await page.getByLabel('Starts', { exact: true }).fill('2031-07-04T11:00');
    await button(page, 'Save').click();
    await page.getByRole('heading', { name: 'Prices' }).waitFor();
    await page.locator('header .badge', { hasText: 'TEST' }).waitFor();
    const id = await trialId();
    assert.equal((await owner.client.post(`/events/${id}/publish`)).status, 200);
    await page.goto(`/desk/events/${id}`);
    await page.getByLabel('Title', { exact: true }).waitFor();
    assert.equal(await page.getByRole('checkbox', { name: /^Try-out event/ }).count(), 0, 'it stays one');
    assert.equal(await page.getByText('There are unsaved changes').count(), 0);
    await page.goto('/desk');
    await itemOf(page, TRIAL).getByText('TEST', { exact: true }).waitFor();
    assert.equal(await itemOf(page, TITLE).getByText('TEST', { exact: true }).count(), 0);

    await page.goto(`/events/${id}`);
    await page.getByText('A try-out event: only members of its organisation see it').waitFor();
    await picture(page, 'trial-shop-1280-light');
    const held = (await owner.client.post(`/events/${id}/holds`, { seats: [0] })).body;
    await page.goto(`/bookings/${held.id}/checkout`);
    await page.locator('.order').getByText('TEST', { exact: true }).waitFor();
    const paid = await owner.client.post(`/bookings/${held.id}/checkout`, {
      payment: { method: 'card', card: { number: '4242424242424242' } },
    });
    assert.equal(paid.status, 200);
    await page.goto('/tickets');
    await page.getByRole('article').getByText('TEST', { exact: true }).waitFor();
    await page.goto('/bookings');
    await page.getByText('TEST', { exact: true }).waitFor();
    const { code } = (await owner.client.get(`/bookings/${held.id}/tickets`)).body.data[0];
    await page.goto(`/desk/events/${id}/check-in`);
    await page.getByLabel(/code/i).first().fill(code);
    await page.keyboard.press('Enter');
    await page.getByText('Test ticket: it lets nobody in.').waitFor();
    const [stranger] = await app.people(1);
    const other = await visitors.open(stranger);
    await other.goto(`/events/${id}`);
    await other.getByText('There is nothing here').waitFor();
    assert.equal(await other.getByText(TRIAL).count(), 0);
  });

  test('a test key is made by keyboard, copied, works, is replaced while it goes on, and ended', async () => {
    const page = await visitors.open(owner);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    accepting(page);
    await page.goto('/desk/keys');
    await page.getByRole('heading', { name: 'No keys yet' }).waitFor();
    assert.deepEqual(await seriousFaults(page, 'no keys'), []);
    await picture(page, 'keys-none-1280-light');
    await page.getByRole('radio', { name: /^Test key/ }).check();
    assert.equal(await page.getByRole('checkbox', { name: /^Settings/ }).count(), 0);
    await page.getByLabel('Name').fill('Gate of the trial');
    await page.getByRole('checkbox', { name: /^Check-in/ }).check();
    await page.getByLabel('Only chosen events').check();
    await page.getByRole('checkbox', { name: new RegExp(TRIAL) }).waitFor();
    assert.equal(await page.getByRole('checkbox', { name: new RegExp(TITLE) }).count(), 0);
    await page.getByRole('checkbox', { name: new RegExp(TRIAL) }).check();
    await tabTo(page, /^Make the key$/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('it is shown this once').waitFor();
    const first = await keyIn(page);
    assert.match(first, /^evk_test_[\w-]{43}$/);
    assert.deepEqual(await seriousFaults(page, 'a key that was made'), []);
    await picture(page, 'key-made-1280-light');
    await button(page, 'Copy').click();
    await page.getByText('Copied.').waitFor();
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), first);
    await button(page, 'I have it').click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    assert.ok(!(await page.content()).includes(first), 'it is nowhere on the page any more');
    const [trial, real] = [await trialId(), sale.eventId];
    assert.deepEqual([await statusFor(first, trial), await statusFor(first, real)], [200, 404]);
    const item = itemOf(page, 'Gate of the trial');
    await item.getByText(`evk_test_…${first.slice(-4)}`).waitFor();
    await item.getByText('Check-in', { exact: true }).waitFor();
    await item.getByText('TEST', { exact: true }).first().waitFor();
    await item.getByText('Never used').waitFor();

    await button(page, 'Replace Gate of the trial').click();
    await page.getByLabel('The old key ends').selectOption('after one hour');
    await button(page, 'Make the other key').click();
    await page.getByRole('dialog').getByText('it is shown this once').waitFor();
    const second = await keyIn(page);
    assert.notEqual(second, first);
    await page.keyboard.press('Escape');
    await page.getByText(/^Valid until \d/).waitFor();
    assert.deepEqual([await statusFor(first, trial), await statusFor(second, trial)], [200, 200]);
    const newer = itemOf(page, `…${second.slice(-4)}`);
    await newer.getByRole('button', { name: 'End Gate of the trial' }).click();
    await newer.getByText(/^Ended on /).waitFor();
    assert.deepEqual([await statusFor(first, trial), await statusFor(second, trial)], [200, 401]);
    assert.equal(await newer.getByRole('button').count(), 0);
  });

  test('a key for real events has what one may do oneself, and an end; faults are told at their fields', async () => {
    const [ada] = await app.people(1);
    await giveRights(app, owner.id, ada, { permissions: ['settings', 'money'] });
    const page = await visitors.open(ada, { viewport: NARROW, locale: 'de-DE' });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto('/desk/keys');
    await page.getByLabel('Name').fill('Buchhaltung');
    const offered = page.getByRole('group', { name: 'Rechte' }).getByRole('checkbox');
    assert.equal(await offered.count(), 2, 'sales figures and settings');
    await button(page, 'Schlüssel erstellen').click();
    await page.getByText('Wählen Sie mindestens ein Recht.').waitFor();
    await page.getByRole('checkbox', { name: /^Verkaufszahlen|^Umsätze|^Zahlen/ }).check();
    await page.getByLabel('Letzter Tag').fill('2020-01-01');
    await button(page, 'Schlüssel erstellen').click();
    await page.getByText('Bitte einen Zeitpunkt in der Zukunft').or(page.locator('.fault')).first().waitFor();
    await page.getByLabel('Letzter Tag').fill('2031-12-31');
    await button(page, 'Schlüssel erstellen').click();
    await page.getByRole('dialog').waitFor();
    assert.match(await keyIn(page), /^evk_live_/);
    await picture(page, 'key-made-320-dark-de');
    await button(page, 'Ich habe ihn').click();
    await itemOf(page, 'Buchhaltung')
      .getByText(/Gültig bis 31\. ?12\. ?2031|Gültig bis 31\.12\.2031/)
      .waitFor();
    const faults = [...(await seriousFaults(page, 'keys in the dark'))];
    await page.emulateMedia({ colorScheme: 'light' });
    faults.push(...(await seriousFaults(page, 'keys on a phone')));
    assert.deepEqual(faults, []);
    assert.ok(
      await page.evaluate('document.documentElement.scrollWidth <= innerWidth'),
      'nothing stands out of the page',
    );
    await page.emulateMedia({ colorScheme: 'dark' });
    await picture(page, 'keys-320-dark-de');

    // Who removes the member sees what goes on without it.
    const desk = await visitors.open(owner);
    accepting(desk);
    await desk.goto('/desk/members');
    await itemOf(desk, ada.email).getByRole('button').click();
    await desk.getByText(/goes on working after a removal: Buchhaltung/).waitFor();
    await picture(desk, 'member-with-key-1280-light');
    await button(desk, 'Remove').click();
    await desk.getByRole('dialog').waitFor({ state: 'hidden' });
    await desk.goto('/desk/keys');
    await itemOf(desk, 'Buchhaltung')
      .getByText(/who is no member any more/)
      .waitFor();
    await picture(desk, 'keys-1280-light');
  });

  test('who has no permission for keys finds no way to them', async () => {
    const [ben] = await app.people(1);
    await giveRights(app, owner.id, ben, { permissions: ['events', 'door'] });
    const page = await visitors.open(ben);
    await page.goto('/desk');
    await tabsOf(page).first().waitFor();
    assert.ok(!(await tabsOf(page).allInnerTexts()).includes('Keys'));
    await page.goto('/desk/keys');
    await page.getByText('This needs the permission “Settings”').waitFor();
  });

  test('an owner founds another organisation and acts for it; members cannot', async () => {
    const page = await visitors.open(owner, { viewport: PHONE });
    await page.goto('/desk/organisation');
    await page.getByRole('link', { name: 'Found an organisation' }).click();
    assert.deepEqual(await seriousFaults(page, 'founding'), []);
    await page.getByLabel('Name').fill('​');
    await button(page, 'Found it').click();
    await page.getByRole('alert').or(page.locator('.fault')).first().waitFor();
    await page.getByLabel('Name').fill('Chamber music in the barn');
    await button(page, 'Found it').click();
    await page.getByText('You act for Chamber music in the barn now.').waitFor();
    const acting = page.getByRole('combobox', { name: 'Organisation' });
    assert.equal(await acting.locator('option:checked').innerText(), 'Chamber music in the barn');
    await until(async () => (await page.getByLabel('Name').inputValue()) === 'Chamber music in the barn');
    await page.goto('/desk');
    await page.getByText('No events here').waitFor();
    await acting.selectOption('Found an organisation …');
    await page.getByRole('button', { name: 'Found it' }).waitFor();
    const [ben] = await app.people(1);
    await giveRights(app, owner.id, ben, { permissions: ['settings'] });
    const other = await visitors.open(ben);
    await other.goto('/desk/organisation');
    await other.getByRole('button', { name: 'Leave the organisation' }).waitFor();
    assert.equal(await other.getByRole('link', { name: 'Found an organisation' }).count(), 0);
  });
});
