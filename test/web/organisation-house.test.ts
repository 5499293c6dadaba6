import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { seriousFaults } from '../support/axe.js';
import { openBrowser, PHONE, Visitors } from '../support/browser.js';
import { openSale, plainHall, type Sale } from '../support/halls.js';
import { giveRights } from '../support/members.js';
import { describeWith } from '../support/needing.js';
import type { Person } from '../support/people.js';
import { until } from '../support/until.js';

/** A folder: pictures of what is looked at are then kept there. */
const FOLDER = process.env.EVENTLY_SCREENSHOTS;

const NONE = { de: null, en: null };
const HOUSE = {
  name: 'Playhouse Erfurt',
  accent: '#8b1e3f',
  links: [],
  imprint: { de: 'Playhouse Erfurt gGmbH', en: null },
  privacy: { de: 'Das Haus speichert wenig.', en: 'The house keeps little.' },
  terms: NONE,
  vat: NONE,
};
const CLUB = 'Club </script><b>Sieben</b> $& Co.';
/** Colour that the design takes for what leads on. */
const ACCENT = `(() => {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = 'var(--accent)';
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
})()`;
const OF_HOUSE = 'rgb(139, 30, 63)';
const OF_CLUB = 'rgb(29, 78, 216)';

describeWith('chromium')('an organisation on its pages', () => {
  let app: TestApp;
  let browser: Browser;
  let visitors: Visitors;
  let sale: Sale;
  let owner: Person;
  let otherEvent: string;

  beforeAll(async () => {
    app = await startApp();
    browser = await openBrowser();
    visitors = new Visitors(browser, app.url);
    sale = await openSale(app, plainHall(2, 10), { title: 'Night of the bass' });
    owner = sale.organizer;
    otherEvent = (await openSale(app, plainHall(1, 4), { title: 'Matinee' })).eventId;
    const [admin] = await app.people(1, 'admin');
    const { version } = (await admin.client.get('/admin/house')).body;
    const done = await admin.client.put('/admin/house', HOUSE, { 'if-match': `"v${version}"` });
    assert.equal(done.status, 200);
    const { version: first } = (await owner.client.get(`/organisations/${owner.id}`)).body;
    const named = {
      name: 'Club Sieben e. V.',
      address: 'Hafenweg 7\n99084 Erfurt',
      website: 'https://club.example.org',
    };
    await owner.client.patch(`/organisations/${owner.id}`, named, { 'if-match': `"v${first}"` });
  });
  afterAll(async () => {
    const complaints = await visitors?.leave();
    await browser?.close();
    await app.close();
    assert.deepEqual(complaints, []);
  });

  const keep = async (page: Page, name: string): Promise<void> => {
    if (!FOLDER) return;
    mkdirSync(FOLDER, { recursive: true });
    await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true });
  };
  const brand = (page: Page) => page.locator('.top .brand');
  const accentIs = (page: Page, color: string) =>
    until(async () => (await page.evaluate(ACCENT)) === color, 5_000);

  test('is set up by a member with the permission, who sees it before', async () => {
    const [doorkeeper] = await app.people(1);
    await giveRights(app, owner.id, doorkeeper, { permissions: ['door'] });
    const closed = await visitors.open(doorkeeper);
    await closed.goto('/desk/house');
    await closed.getByText('settings', { exact: false }).first().waitFor();
    assert.equal(await closed.getByRole('link', { name: 'Look and legal' }).count(), 0);

    const page = await visitors.open(owner);
    await page.goto('/desk');
    await page.getByRole('link', { name: 'Look and legal' }).click();
    await page.getByText('From the house: Playhouse Erfurt').waitFor();
    const preview = page.locator('.house-preview figure').first();
    await preview.getByText('Playhouse Erfurt · Imprint · Privacy').waitFor();
    await page.getByRole('textbox', { name: 'Name that buyers see' }).fill(CLUB);
    await page.getByLabel('A colour of your own').check();
    await page.getByLabel('Colour', { exact: true }).fill('#5fd0c0');
    await page.getByText('White text on it has a contrast of 1.9 to 1').waitFor();
    await page.getByLabel('Colour', { exact: true }).fill('#1d4ed8');
    await page.getByLabel('Imprint, Deutsch').fill('Club Sieben e. V., Hafenweg 7');
    await page.getByLabel('Terms, English').fill('In the club this holds.');
    await preview.getByText(`${CLUB} · Imprint · Privacy · Terms`).waitFor();
    assert.deepEqual(await seriousFaults(page, 'desk house'), []);
    await keep(page, 'own-house-settings');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved. Buyers see it from now on.').waitFor();
    await page.getByLabel('Logo').setInputFiles({
      name: 'logo.png',
      mimeType: 'image/png',
      buffer: await page.screenshot({ clip: { x: 0, y: 100, width: 120, height: 60 } }),
    });
    await page.getByRole('button', { name: 'Remove the logo' }).waitFor();
    const { name, version, vat } = (await owner.client.get(`/organisations/${owner.id}/house/settings`)).body;
    assert.deepEqual([name, version, vat], [CLUB, 2, NONE]);
  });

  for (const colorScheme of ['light', 'dark'] as const)
    test(`has its own name, logo, colour and texts, and the shop keeps its own, ${colorScheme}`, async () => {
      const page = await visitors.open();
      await page.emulateMedia({ colorScheme });
      await page.goto('/');
      await page.getByText('Matinee').first().waitFor();
      assert.equal(await page.title(), 'Events · Playhouse Erfurt');
      const ofHouse = await page.evaluate(ACCENT);
      await page.getByRole('link', { name: 'Night of the bass' }).first().click();
      await page.getByText('Live', { exact: true }).waitFor();
      await until(async () => (await page.title()) === `Night of the bass · ${CLUB}`);
      assert.equal(await brand(page).getAttribute('aria-label'), CLUB);
      await until(async () => (await page.evaluate(ACCENT)) !== ofHouse, 5_000);
      const ofClub = String(await page.evaluate(ACCENT));
      if (colorScheme === 'light') assert.deepEqual([ofHouse, ofClub], [OF_HOUSE, OF_CLUB]);
      assert.ok(await page.evaluate(`document.querySelector('.brand img').naturalWidth > 0`));
      const organizer = page.getByRole('link', { name: 'Club Sieben e. V.' });
      assert.deepEqual(await seriousFaults(page, `event ${colorScheme}`, true), []);
      await keep(page, `own-house-event-${colorScheme}`);

      await organizer.click();
      await page.getByRole('heading', { name: 'Club Sieben e. V.' }).waitFor();
      await page.getByText('Hafenweg 7').waitFor();
      await page.getByRole('link', { name: 'Night of the bass' }).waitFor();
      assert.equal(await page.getByText('Matinee').count(), 0);
      assert.equal(await page.title(), `Club Sieben e. V. · ${CLUB}`);
      assert.deepEqual(await seriousFaults(page, `organisation ${colorScheme}`), []);
      await keep(page, `own-house-organisation-${colorScheme}`);
      const foot = page.getByRole('contentinfo');
      await foot.getByRole('link', { name: 'Imprint' }).click();
      await page.getByText('Hafenweg 7').waitFor();
      assert.equal(await page.locator('.prose').getAttribute('lang'), 'de');
      await foot.getByRole('link', { name: 'Privacy' }).click();
      await page.getByText('The house keeps little.').waitFor();

      // Another organisation, which has nothing of its own, and the shop.
      await page.goto(`/events/${otherEvent}`);
      await page.getByText('Live', { exact: true }).waitFor();
      assert.equal(await brand(page).getAttribute('aria-label'), HOUSE.name);
      await page.goto(`/o/${owner.id}/terms`);
      await page.getByText('In the club this holds.').waitFor();
      await accentIs(page, ofClub);
      await page.getByRole('link', { name: 'Events', exact: true }).click();
      await page.getByText('Matinee').first().waitFor();
      assert.equal(await brand(page).getAttribute('aria-label'), HOUSE.name);
      await accentIs(page, String(ofHouse));
    });

  test('is named at the checkout, with its terms, also on a German phone in the dark', async () => {
    const [buyer] = await app.people(1);
    const held = (await buyer.client.post(`/events/${sale.eventId}/holds`, { seats: [0, 1] })).body;
    const page = await visitors.open(buyer);
    await page.setViewportSize(PHONE);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(`/bookings/${held.id}/checkout?lang=de`);
    await page.getByText('Verkäufer: Club Sieben e. V.').waitFor();
    await page.getByText('Mit der Zahlung erkennen Sie die AGB an.').waitFor();
    const terms = page.locator('.seller').getByRole('link', { name: 'AGB' });
    assert.equal(await terms.getAttribute('href'), `/o/${owner.id}/terms`);
    assert.equal(await brand(page).getAttribute('aria-label'), CLUB);
    assert.deepEqual(await seriousFaults(page, 'checkout'), []);
    assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
    await keep(page, 'own-house-checkout-phone-de-dark');
    await page.goto(`/o/${owner.id}?lang=de`);
    await page.getByText('Demnächst').waitFor();
    await keep(page, 'own-house-organisation-phone-de-dark');
    await page.goto(`/events/${sale.eventId}?lang=de`);
    await page.getByText('Veranstalter:').waitFor();
    await keep(page, 'own-house-event-phone-de-dark');
  });

  test('has a log in sentences, by member, key and event', async () => {
    const [clerk] = await app.people(1);
    await giveRights(app, owner.id, clerk, { permissions: ['door'] });
    const member = `/organisations/${owner.id}/members/${clerk.id}`;
    assert.equal((await owner.client.put(member, { permissions: ['events'] })).status, 204);
    const key = (
      await owner.client.post(`/organisations/${owner.id}/keys`, { name: 'Shop', permissions: ['events'] })
    ).body;
    const path = `/events/${sale.eventId}/seats/block`;
    assert.equal((await app.client(key.key).post(path, { seats: [8] })).status, 200);
    const nameOf = ({ id }: Person) => `Person ${id.slice(0, 8)}`;
    const page = await visitors.open(owner);
    await page.goto('/desk/log');
    const rows = page.locator('tbody tr');
    await rows.first().getByText('Shop').waitFor();
    await page.getByText(`changed the permissions of ${nameOf(clerk)}`).waitFor();
    assert.deepEqual(await seriousFaults(page, 'log'), []);
    await keep(page, 'own-log');
    await page.getByLabel('By whom').selectOption({ label: `Shop (… ${key.ending})` });
    await until(async () => (await rows.count()) === 1);
    await page.getByLabel('By whom').selectOption({ label: nameOf(owner) });
    await page.getByLabel('Event').selectOption({ index: 1 });
    await until(
      async () =>
        !(
          await page
            .locator('tbody')
            .innerText()
            .catch(() => '')
        ).includes('permissions'),
    );
    await page.reload();
    assert.equal(await page.getByLabel('By whom').inputValue(), owner.id);
    await page.setViewportSize(PHONE);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto('/desk/log?lang=de');
    await page.getByText(`hat die Rechte von ${nameOf(clerk)} geändert`).waitFor();
    assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
    await keep(page, 'own-log-phone-de-dark');
  });

  test('shows a change to whoever comes next', async () => {
    const page = await visitors.open(owner);
    await page.setViewportSize(PHONE);
    await page.goto('/desk/house?lang=de');
    await page.getByRole('textbox', { name: 'Name, den Käufer sehen' }).fill('Club Acht');
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('Gespeichert. Käufer sehen es ab jetzt.').waitFor();
    assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
    await keep(page, 'own-house-settings-phone-de');
    await page.getByRole('link', { name: 'Seite ansehen' }).click();
    await page.getByRole('heading', { name: 'Club Sieben e. V.' }).waitFor();
    await until(async () => (await brand(page).getAttribute('aria-label')) === 'Club Acht');
    await page.reload();
    await until(async () => (await page.title()) === 'Club Sieben e. V. · Club Acht');
  });
});
