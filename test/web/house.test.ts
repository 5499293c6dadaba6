import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { seriousFaults } from '../support/axe.js';
import { openBrowser, PHONE, Visitors } from '../support/browser.js';
import { openSale, plainHall } from '../support/halls.js';
import { describeWith } from '../support/needing.js';
import type { Person } from '../support/people.js';
import { until } from '../support/until.js';

/** A folder: pictures of what is looked at are then kept there. */
const FOLDER = process.env.EVENTLY_SCREENSHOTS;

const NONE = { de: null, en: null };
const HOUSE = {
  name: 'Playhouse </script><b>Erfurt</b> $& Co.',
  accent: '#8b1e3f',
  links: [{ label: { de: 'Anfahrt', en: 'Getting here' }, url: 'https://playhouse.example.org/visit' }],
  imprint: { de: 'Playhouse Erfurt gGmbH\n\nTheaterplatz 1', en: null },
  privacy: { de: 'Wir speichern wenig.', en: 'We keep little.' },
  terms: NONE,
  vat: { de: 'Preise mit 7 % Umsatzsteuer', en: 'Prices with 7 % VAT' },
};

describeWith('chromium')('the house on its pages', () => {
  let app: TestApp;
  let browser: Browser;
  let visitors: Visitors;
  let admin: Person;
  let eventId: string;

  beforeAll(async () => {
    app = await startApp();
    browser = await openBrowser();
    visitors = new Visitors(browser, app.url);
    [admin] = await app.people(1, 'admin');
    ({ eventId } = await openSale(app, plainHall(2, 6)));
  });
  afterAll(async () => {
    await browser?.close();
    await app.close();
  });

  const keep = async (page: Page, name: string): Promise<void> => {
    if (!FOLDER) return;
    mkdirSync(FOLDER, { recursive: true });
    await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true });
  };

  test('is the product as long as nobody has said anything', async () => {
    const page = await visitors.open();
    await page.goto('/login');
    await page.getByText('Self-hosted ticketing that does not oversell.').waitFor();
    assert.equal(await page.title(), 'Log in · Evently');
    const legal = await page.goto('/imprint');
    assert.equal(legal!.status(), 404);
    await page.getByText('There is nothing here').waitFor();
  });

  test('is set up by an administrator, who sees it before', async () => {
    const page = await visitors.open(admin);
    await page.goto('/operator/house');
    await page.getByRole('textbox', { name: 'Name' }).fill(HOUSE.name);
    await page.getByLabel('A colour of your own').check();
    await page.getByLabel('Colour', { exact: true }).fill('#5fd0c0');
    await page.getByText('White text on it has a contrast of 1.9 to 1').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: 'White text on this colour is too hard to read' })
      .waitFor();
    await page.getByLabel('Colour', { exact: true }).fill(HOUSE.accent);
    await page.getByRole('button', { name: 'Add a link' }).click();
    const [link] = HOUSE.links;
    await page.getByLabel('Label, English').fill(link!.label.en);
    await page.getByLabel('Label, Deutsch').fill(link!.label.de);
    await page.getByLabel('Address (https://…)').fill(link!.url);
    await page.getByLabel('Line about taxes, English').fill(HOUSE.vat.en);
    await page.getByLabel('Line about taxes, Deutsch').fill(HOUSE.vat.de);
    await page.getByText('Without an imprint nothing can be published').waitFor();
    await page.getByLabel('Imprint, Deutsch').fill(HOUSE.imprint.de);
    await page.getByLabel('Privacy, English').fill(HOUSE.privacy.en);
    await page.getByLabel('Privacy, Deutsch').fill(HOUSE.privacy.de);
    const dark = page.locator('.house-preview figure').nth(1);
    await dark.getByText('Imprint · Privacy').waitFor();
    assert.deepEqual(await seriousFaults(page, 'house'), []);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved. Pages that are open').waitFor();
    await page
      .getByLabel('Logo')
      .setInputFiles({ name: 'logo.svg', mimeType: 'image/png', buffer: Buffer.from('<svg/>') });
    await page.getByRole('alert').filter({ hasText: 'A logo is a PNG, JPEG or WebP picture' }).waitFor();
    await page.getByLabel('Logo').setInputFiles({
      name: 'logo.png',
      mimeType: 'image/png',
      buffer: await page.screenshot({ clip: { x: 0, y: 100, width: 120, height: 60 } }),
    });
    await page.getByRole('button', { name: 'Remove the logo' }).waitFor();
    await keep(page, 'house-settings');
    const { version, logo, ...saved } = (await admin.client.get('/admin/house')).body;
    assert.deepEqual([saved, version], [HOUSE, 3]);
    assert.match(logo, /v=/);
  });

  test('says that somebody else was faster, and reads again', async () => {
    const page = await visitors.open(admin);
    await page.goto('/operator/house');
    await page.getByRole('textbox', { name: 'Name' }).fill('Mine');
    const { version, logo: _, ...before } = (await admin.client.get('/admin/house')).body;
    const tag = { 'if-match': `"v${version}"` };
    assert.equal((await admin.client.put('/admin/house', { ...before, terms: NONE }, tag)).status, 200);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Reload' }).click();
    await until(async () => (await page.getByRole('textbox', { name: 'Name' }).inputValue()) === HOUSE.name);
  });

  for (const colorScheme of ['light', 'dark'] as const)
    test(`shows name, logo, colour, links and legal texts from the first frame, ${colorScheme}`, async () => {
      const page = await visitors.open();
      await page.emulateMedia({ colorScheme });
      // All that is there before the code runs.
      await page.route('**/assets/*.js', (route) => route.abort());
      await page.goto('/login', { waitUntil: 'domcontentloaded' });
      assert.equal(await page.title(), HOUSE.name);
      const accent = await page.evaluate(
        `(() => { const probe = document.body.appendChild(document.createElement('i')); probe.style.color = 'var(--accent)'; return getComputedStyle(probe).color })()`,
      );
      if (colorScheme === 'light') assert.equal(accent, 'rgb(139, 30, 63)');
      else assert.notEqual(accent, 'rgb(139, 30, 63)');
      await page.unroute('**/assets/*.js');

      await page.goto('/');
      await page.getByText('Final').first().waitFor();
      assert.equal(await page.title(), `Events · ${HOUSE.name}`);
      const brand = page.getByRole('link', { name: HOUSE.name });
      await brand.waitFor();
      assert.ok(await page.evaluate(`document.querySelector('.brand img').naturalWidth > 0`));
      const foot = page.getByRole('contentinfo');
      assert.equal((await foot.innerText()).includes('Self-hosted'), false);
      await foot.getByText(`${HOUSE.name} · ${HOUSE.vat.en}`).waitFor();
      assert.equal(
        await foot.getByRole('link', { name: 'Getting here' }).getAttribute('href'),
        HOUSE.links[0]!.url,
      );
      assert.equal(await foot.getByRole('link', { name: 'Terms' }).count(), 0);
      assert.deepEqual(await seriousFaults(page, `home ${colorScheme}`), []);
      await keep(page, `house-home-${colorScheme}`);
      await page.goto(`/events/${eventId}`);
      await page.getByText('Live', { exact: true }).waitFor();
      assert.deepEqual(await seriousFaults(page, `event ${colorScheme}`, true), []);
      await keep(page, `house-event-${colorScheme}`);

      await foot.getByRole('link', { name: 'Imprint' }).click();
      await page.getByText('Theaterplatz 1').waitFor();
      assert.equal(await page.title(), `Imprint · ${HOUSE.name}`);
      assert.equal(await page.locator('.prose').getAttribute('lang'), 'de');
      await keep(page, `house-imprint-${colorScheme}`);
      assert.equal((await page.goto('/terms'))!.status(), 404);
      await page.setViewportSize(PHONE);
      await page.goto('/privacy');
      await page.getByText('We keep little.').waitFor();
      assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
      await keep(page, `house-privacy-phone-${colorScheme}`);
    });

  test('lends its colours to the widget, which takes those of the page around it', async () => {
    const script = (data: string) =>
      `<script src="${app.url}/embed.js" data-event="${eventId}" ${data}></script>`;
    const bodies: Record<string, string> = {
      '/plain': script('data-theme="light"'),
      '/own': script('data-theme="dark" data-accent="#1d4ed8" data-ground="transparent"'),
      '/pale': script('data-theme="light" data-accent="#ffee00"'),
    };
    const club: Server = createServer(({ url }, response) =>
      response
        .setHeader('Content-Type', 'text/html')
        .end(`<!doctype html><body style="background:#203040">${bodies[url!] ?? ''}`),
    );
    await new Promise<void>((listening) => club.listen(0, '127.0.0.1', listening));
    try {
      const origin = `http://127.0.0.1:${(club.address() as AddressInfo).port}`;
      const page = await visitors.open();
      const look = async (path: string) => {
        await page.goto(origin + path);
        await page.frameLocator('iframe').getByText('Live', { exact: true }).waitFor();
        const frame = page.frames()[1]!;
        await keep(page, `embed${path.replace('/', '-')}`);
        return [
          await frame.evaluate(MAIN_BUTTON),
          await frame.evaluate(`getComputedStyle(document.querySelector('.embed')).backgroundColor`),
        ];
      };
      assert.deepEqual(await look('/plain'), ['rgb(139, 30, 63)', 'rgb(246, 245, 241)']);
      const [accent, ground] = await look('/own');
      assert.equal(ground, 'rgba(0, 0, 0, 0)');
      assert.match(String(accent), /^rgb\((\d+), (\d+), 2\d\d\)$/, 'a light blue');
      assert.equal((await look('/pale'))[0], 'rgb(139, 30, 63)', 'the colours of the house');
      await page.goto('about:blank');
    } finally {
      club.close();
    }
  });

  test('no page has complained', async () => {
    const complaints = await visitors.leave();
    assert.deepEqual(
      complaints.filter((text) => !/ERR_FAILED/.test(text)),
      [],
    );
  });

  test('its colours are a style sheet that never changes, and no other text', async () => {
    const client = app.client();
    const sheet = await client.get('//colors.css?accent=8b1e3f');
    assert.deepEqual(
      [sheet.status, sheet.headers['content-type'], sheet.headers['cache-control']],
      [200, 'text/css; charset=utf-8', 'public, max-age=31536000, immutable'],
    );
    assert.match(sheet.body, /^:root:root\{--accent:/);
    for (const other of [
      '',
      '?accent=ffee00',
      '?accent=8b1e3',
      '?accent=8b1e3f}body{',
      '?accent=8b1e3f&accent=8b1e3f',
    ])
      assert.equal((await client.get(`//colors.css${other}`)).status, 404, other);
  });
});

/** The colour of a button that leads on, whether or not there is one now. */
const MAIN_BUTTON = `(() => {
  const probe = document.createElement('a');
  probe.className = 'button main';
  document.querySelector('.embed').append(probe);
  return getComputedStyle(probe).backgroundColor;
})()`;
