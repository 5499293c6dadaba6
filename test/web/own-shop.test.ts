import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { readGuide } from '../documents/guide.js';
import { startApp, type TestApp } from '../support/app.js';
import { assertAuditClean } from '../support/audit.js';
import { openBrowser } from '../support/browser.js';
import { openSale, plainHall, type Sale } from '../support/halls.js';
import { describeWith } from '../support/needing.js';
import { freePort } from '../support/process.js';
import { openShop } from '../support/shops.js';
import { until } from '../support/until.js';

describeWith('chromium')('the shop of docs/INTEGRATING.md, on an origin of its own', () => {
  let app: TestApp;
  let browser: Browser;
  let sale: Sale;
  let folder: string;
  let server: ChildProcess;
  let port: number;

  beforeAll(async () => {
    // This installation knows nothing of the shop's origin but what the sessions say.
    app = await startApp({ http: { corsOrigins: ['https://tickets.example.org'] } });
    sale = await openSale(app, plainHall(2, 4));
    const { key } = await openShop(app, sale.organizer);
    port = await freePort();
    const { files } = readGuide('docs/INTEGRATING.md', (text) =>
      text.replaceAll(/(?<== ')3000/g, String(port)),
    );
    folder = mkdtempSync(join(tmpdir(), 'evently-shop-'));
    for (const name of ['shop.mjs', 'shop.html']) writeFileSync(join(folder, name), files[name]!);
    server = spawn(process.execPath, ['shop.mjs', app.url, sale.eventId], {
      cwd: folder,
      env: { ...process.env, EVENTLY_KEY: key },
      stdio: 'inherit',
    });
    browser = await openBrowser();
    await until(async () => {
      try {
        return (await fetch(`http://localhost:${port}`)).ok;
      } catch {
        return false;
      }
    });
  });
  afterAll(async () => {
    await browser?.close();
    server?.kill();
    rmSync(folder, { recursive: true, force: true });
    await assertAuditClean(app);
    await app.close();
  });

  async function open(host: string): Promise<{ page: Page; told: () => Promise<string | null> }> {
    const page = await browser.newPage();
    page.setDefaultTimeout(40_000);
    const session = page.waitForResponse((response) => response.url().endsWith('/session'));
    await page.goto(`http://${host}:${port}`);
    await session;
    return { page, told: () => page.getByRole('status').textContent() };
  }

  test('holds and pays in the browser, and the places are sold', async () => {
    const { page, told } = await open('localhost');
    await page.getByRole('button', { name: 'Two seats' }).click();
    await until(async () => /row 1, seat \d and .*row 1, seat \d/.test((await told())!));
    await page.getByRole('button', { name: 'Pay' }).click();
    await until(async () => / is confirmed$/.test((await told())!));
    const { rows } = await app.db.query(
      `SELECT u.kind, u.reference, b.status, (SELECT count(*)::int FROM booking_item i WHERE i.booking_id = b.id) AS seats
         FROM booking b JOIN app_user u ON u.id = b.user_id WHERE b.event_id = $1`,
      [sale.eventId],
    );
    assert.deepEqual(rows, [{ kind: 'customer', reference: 'C-1043', status: 'confirmed', seats: 2 }]);
    await page.close();
  });

  test('sells nothing from a page of another origin, though it has the token', async () => {
    const { page, told } = await open('127.0.0.1');
    await page.getByRole('button', { name: 'Two seats' }).click();
    // The browser does not even show why: the answer is for the origin of the session alone.
    await until(async () => (await told()) === 'Failed to fetch');
    const { rows } = await app.db.query('SELECT count(*)::int AS n FROM booking WHERE event_id = $1', [
      sale.eventId,
    ]);
    assert.equal(rows[0].n, 1);
    await page.close();
  });
});
