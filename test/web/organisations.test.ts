import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { newId } from '../../src/platform/common/ids.js';
import { startApp, type TestApp } from '../support/app.js';
import { seriousFaults } from '../support/axe.js';
import { openBrowser, Visitors } from '../support/browser.js';
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
const OTHER = 'A matinee of another house';

describeWith('chromium')('organisations in the web app', () => {
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
  /** Names of the tabs of the desk. */
  const tabsOf = (page: Page) => page.getByRole('navigation', { name: 'Organizer desk' }).getByRole('link');
  /** Somebody in the list of members. */
  const itemOf = (page: Page, { email }: Person) => page.getByRole('listitem').filter({ hasText: email });
  const accepting = (page: Page) => page.on('dialog', (dialog) => void dialog.accept());
  const mailsTo = async (to: string): Promise<Json[]> =>
    (await (await fetch(`${app.url}/dev/mail.json?to=${encodeURIComponent(to)}`)).json()) as Json[];
  const linkFor = async (email: string): Promise<string> => {
    await until(async () => (await mailsTo(email)).length > 0);
    return /\/invitation\?token=\S+/.exec((await mailsTo(email))[0]!.text)![0];
  };
  const invite = async (rights: Json, organisation = owner): Promise<string> => {
    const email = `${newId()}@example.org`;
    const { status } = await organisation.client.post(`/organisations/${organisation.id}/invitations`, {
      email,
      ...rights,
    });
    assert.equal(status, 201);
    return linkFor(email);
  };
  async function member(rights: Parameters<typeof giveRights>[3]): Promise<Person> {
    const [person] = await app.people(1);
    await giveRights(app, owner.id, person, rights);
    return person;
  }

  /** One more event of the owner. */
  async function draft(title: string): Promise<string> {
    const { body } = await owner.client.get(`/events/${sale.eventId}`);
    const { venueId, planId, category, startsAt, endsAt, currency } = body;
    const made = { title, venueId, planId, category, startsAt, endsAt, currency, priceTiers: [] };
    const { status, body: event } = await owner.client.post('/events', made);
    assert.equal(status, 201, JSON.stringify(event));
    return event.id;
  }

  test('somebody is invited to the door of one event, makes an account, accepts, and finds the check-in only', async () => {
    const hidden = await draft('Not for the door');
    const desk = await visitors.open(owner);
    await desk.goto('/desk/members');
    const email = `${newId()}@example.org`;
    await desk.getByLabel('Email address').fill(email);
    await button(desk, 'Door').click();
    assert.ok(await desk.getByRole('checkbox', { name: /^Check-in/ }).isChecked());
    await desk.getByLabel('Only chosen events').check();
    await desk.getByRole('checkbox', { name: new RegExp(TITLE) }).check();
    await button(desk, 'Send the invitation').click();
    await desk.getByRole('heading', { name: 'Open invitations' }).waitFor();
    await desk.getByText(`Only: ${TITLE}`).waitFor();

    const page = await visitors.open();
    await page.goto(await linkFor(email));
    await page.getByRole('heading', { name: /^Invitation to / }).waitFor();
    await page.getByText(`Only: ${TITLE}`).waitFor();
    await page.getByRole('link', { name: 'Create an account' }).click();
    await page.getByLabel('Name').fill('Ada Byron');
    await page.getByLabel('Email address').fill(email);
    await page.getByLabel('Password', { exact: true }).fill('a long sentence about doors');
    await button(page, 'Create an account').click();
    await page.getByText(`You are logged in as Ada Byron (${email}).`).waitFor();
    await button(page, 'Accept the invitation').click();
    await page.waitForURL(`${app.url}/desk`);
    await page.getByRole('link', { name: TITLE }).waitFor();
    assert.deepEqual(await tabsOf(page).allInnerTexts(), ['Your events', 'Organisation']);
    assert.equal(await page.getByText('Not for the door').count(), 0);
    assert.equal(await page.getByRole('link', { name: 'New event' }).count(), 0);
    await page.getByRole('link', { name: TITLE }).click();
    await page.getByText('Ready for the next ticket.').waitFor();
    const chips = page.getByRole('navigation', { name: TITLE }).getByRole('link');
    assert.deepEqual(await chips.allInnerTexts(), ['Check-in', 'See it in the shop']);
    for (const [path, permission] of [
      [`/desk/events/${sale.eventId}`, 'Events'],
      [`/desk/events/${hidden}/check-in`, 'Check-in'],
      ['/desk/sales', 'Sales figures'],
      ['/desk/members', 'Members'],
    ] as const) {
      await page.goto(path);
      await page.getByText(`This needs the permission “${permission}”`).waitFor();
    }
  });

  test('an invitation is accepted by an account that is logged in, once', async () => {
    const [ada] = await app.people(1);
    const link = await invite({ permissions: ['money'] });
    const page = await visitors.open(ada);
    await page.goto(link);
    await page.getByText('All events, later ones as well').waitFor();
    await button(page, 'Accept the invitation').click();
    await page.waitForURL(`${app.url}/desk`);
    await tabsOf(page).filter({ hasText: 'Sales' }).waitFor();
    await page.getByRole('link', { name: TITLE }).click();
    await page.getByText('Course of the sale').first().waitFor();
    await page.goto(link);
    await page.getByText('This invitation is over').waitFor();
  });

  test('a bad link says so, and another person can log out of the invitation', async () => {
    const [ada] = await app.people(1);
    const page = await visitors.open();
    for (const path of ['/invitation', '/invitation?token=', '/invitation?token=nothing']) {
      await page.goto(path);
      await page.getByText('This invitation is over').waitFor();
    }
    await page.evaluate(
      `localStorage.setItem('evently.tokens', '${JSON.stringify({ accessToken: ada.token })}')`,
    );
    await page.goto(await invite({ permissions: ['door'] }));
    await button(page, 'Not you? Log out').click();
    await page.getByRole('link', { name: 'Log in to accept' }).click();
    await page.waitForURL(/\/login\?next=%2Finvitation%3Ftoken%3D/);
  });

  test('an owner changes rights, and the open page of the member follows', async () => {
    const ada = await member({ permissions: ['door'] });
    const gate = await visitors.open(ada);
    await gate.goto(`/desk/events/${sale.eventId}/check-in`);
    await gate.getByText('Ready for the next ticket.').waitFor();
    const desk = await visitors.open(owner);
    await desk.goto('/desk/members');
    await itemOf(desk, ada)
      .getByRole('button', { name: /^Change / })
      .click();
    const sheet = desk.getByRole('dialog', { name: /^Change / });
    await sheet.getByRole('button', { name: 'Accountant' }).click();
    await sheet.getByRole('button', { name: 'Save' }).click();
    await desk.getByText('Saved.').waitFor();
    await gate.getByText('This needs the permission “Check-in”').waitFor();
    assert.deepEqual(await tabsOf(gate).allInnerTexts(), ['Your events', 'Sales', 'Organisation']);
    const { data } = (await owner.client.get(`/organisations/${owner.id}/members`)).body;
    assert.deepEqual(data.find(({ userId }: Json) => userId === ada.id).permissions, ['money']);
  });

  test('rights come and go in a desk that is open, without a reload', async () => {
    const ada = await member({ permissions: ['door'] });
    const page = await visitors.open(ada);
    await page.goto('/desk');
    await tabsOf(page).filter({ hasText: 'Organisation' }).waitFor();
    assert.deepEqual(await tabsOf(page).allInnerTexts(), ['Your events', 'Organisation']);
    const put = (permissions: string[]) =>
      owner.client.put(`/organisations/${owner.id}/members/${ada.id}`, { permissions });
    assert.equal((await put(['door', 'settings'])).status, 204);
    await tabsOf(page).filter({ hasText: 'Webhooks' }).waitFor({ timeout: 3_000 });
    await tabsOf(page).filter({ hasText: 'Webhooks' }).click();
    await page.getByRole('heading', { name: 'Webhooks' }).waitFor();
    assert.equal((await put(['door'])).status, 204);
    await page.getByText('This needs the permission “Settings”').waitFor({ timeout: 3_000 });
    assert.deepEqual(await tabsOf(page).allInnerTexts(), ['Your events', 'Organisation']);
    assert.equal((await owner.client.delete(`/organisations/${owner.id}/members/${ada.id}`)).status, 204);
    await page.getByText('This page is for the people who run events here.').waitFor({ timeout: 3_000 });

    const [bea] = await app.people(1);
    const shop = await visitors.open(bea);
    await shop.goto('/');
    await button(shop, 'Menu').click();
    await shop.getByRole('button', { name: 'Log out' }).waitFor();
    assert.equal(await shop.getByRole('link', { name: 'Organizer desk' }).count(), 0);
    await giveRights(app, owner.id, bea, { permissions: ['door'] });
    await shop.getByRole('link', { name: 'Organizer desk' }).waitFor({ timeout: 3_000 });
  });

  test('a member gives only what is theirs, and leaves owners alone', async () => {
    const ada = await member({ permissions: ['members', 'door'] });
    const manager = await member({ permissions: ['events', 'door'] });
    const page = await visitors.open(ada);
    await page.goto('/desk/members');
    const form = page.getByRole('region', { name: 'Invite somebody' });
    await form.getByRole('checkbox', { name: /^Check-in/ }).waitFor();
    assert.equal(await form.getByRole('checkbox').count(), 2);
    assert.equal(await form.getByRole('button', { name: 'Manager' }).count(), 0);
    assert.equal(await itemOf(page, owner).getByRole('button').count(), 0);
    await itemOf(page, manager)
      .getByRole('button', { name: /^Change / })
      .click();
    await page.getByText('because you cannot give them: Events.').waitFor();
  });

  test('ownership is offered and accepted; the last owner cannot leave; invitations are withdrawn and sent again', async () => {
    const ada = await member({ permissions: ['door'] });
    const page = await visitors.open(owner);
    accepting(page);
    await page.goto('/desk/organisation');
    await button(page, 'Leave the organisation').click();
    await page.getByText('You are the only owner.').waitFor();
    await page.goto('/desk/members');
    await itemOf(page, ada)
      .getByRole('button', { name: /^Change / })
      .click();
    await button(page, 'Offer ownership').click();
    await page.getByText(/^Ownership is offered until /).waitFor();

    const theirs = await visitors.open(ada);
    accepting(theirs);
    await theirs.goto('/desk/members');
    await button(theirs, 'Become an owner').click();
    await theirs.getByRole('heading', { name: 'Open invitations' }).waitFor();
    assert.equal(await theirs.getByText('You can become an owner').count(), 0);
    const link = await invite({ permissions: ['door'] });
    const [{ email }] = (await owner.client.get(`/organisations/${owner.id}/invitations`)).body.data;
    await theirs.reload();
    await button(theirs, `Send the invitation to ${email} again`).click();
    await until(async () => (await mailsTo(email)).length === 2);
    await theirs.goto(link);
    await theirs.getByText('This invitation is over').waitFor();
    await theirs.goto('/desk/members');
    await button(theirs, `Withdraw the invitation of ${email}`).click();
    await theirs.getByText(`The link sent to ${email} works no more.`).waitFor();
    await theirs.goto('/desk/organisation');
    await button(theirs, 'Leave the organisation').click();
    await theirs.waitForURL(`${app.url}/`);
    assert.equal((await ada.client.get('/organisations')).body.data.length, 0);
  });

  test('name, address and website are changed, unless somebody else was faster', async () => {
    const page = await visitors.open(owner);
    await page.goto('/desk/organisation');
    await page.getByLabel('Address').fill('Domplatz 1\nErfurt');
    await page.getByLabel('Website').fill('https://organ.example.org');
    await button(page, 'Save').click();
    await page.getByText('Saved.').waitFor();
    const { body } = await owner.client.get(`/organisations/${owner.id}`);
    assert.deepEqual([body.address, body.website], ['Domplatz 1\nErfurt', 'https://organ.example.org']);
    const headers = { 'if-match': `"v${body.version}"` };
    await owner.client.send('PATCH', `/organisations/${owner.id}`, { address: 'Anger 1' }, headers);
    await page.getByLabel('Website').fill('');
    await button(page, 'Save').click();
    await page.getByText('Somebody else has changed this meanwhile').waitFor();
    await button(page, 'Reload').click();
    await until(async () => (await page.getByLabel('Address').inputValue()) === 'Anger 1');
  });

  test('who belongs to two organisations chooses one, in this browser; who belongs to one sees no choice', async () => {
    const other = await openSale(app, plainHall(1, 1), { title: OTHER });
    const ada = await member({ permissions: ['events', 'settings'] });
    await giveRights(app, other.organizer.id, ada, { permissions: ['door'] });
    const { data } = (await ada.client.get('/organisations')).body as { data: Json[] };
    const page = await visitors.open(ada);
    await page.goto('/desk');
    const choice = page.getByRole('combobox', { name: 'Organisation' });
    await choice.selectOption(owner.id);
    await page.getByRole('link', { name: TITLE }).waitFor();
    assert.equal(await page.getByText(OTHER).count(), 0);
    await tabsOf(page).filter({ hasText: 'Webhooks' }).click();
    await page.getByText('No webhooks').waitFor();
    await choice.selectOption(other.organizer.id);
    await page.getByRole('link', { name: OTHER }).waitFor();
    assert.equal(await page.getByText(TITLE).count(), 0);
    assert.deepEqual(await tabsOf(page).allInnerTexts(), ['Your events', 'Organisation']);
    const asked = page.waitForRequest((request) => request.url().includes('/events?mine=true'));
    await page.reload();
    assert.equal((await asked).headers()['evently-organisation'], other.organizer.id);
    const ofShop = page.waitForRequest((request) => request.url().includes('/events/upcoming'));
    await page.goto('/');
    assert.equal((await ofShop).headers()['evently-organisation'], undefined);
    assert.equal(data.length, 2);

    const alone = await visitors.open(owner);
    await alone.goto('/desk');
    await alone.getByRole('link', { name: TITLE }).waitFor();
    assert.equal(await choice.count(), 0);
    assert.equal(await alone.getByRole('combobox', { name: 'Organisation' }).count(), 0);
  });

  test('the pages fit screens of 320 pixels, and axe finds nothing serious', async () => {
    const ada = await member({ permissions: ['door'], events: [sale.eventId] });
    await member({ permissions: ['events', 'prices', 'people', 'refunds', 'money', 'door'] });
    const other = await openSale(app, plainHall(1, 1), { title: OTHER });
    const invited = await member({ permissions: ['door'] });
    await giveRights(app, other.organizer.id, invited, { permissions: ['money'] });
    await owner.client.post(`/organisations/${owner.id}/ownership`, { userId: invited.id });
    const link = await invite({ permissions: ['people', 'box-office', 'door'], events: [sale.eventId] });
    const faults: string[] = [];
    const pages = [
      ['invitation', undefined, link, 'Einladung zu '],
      ['invitation-in', ada, link, 'Einladung annehmen'],
      ['invitation-over', undefined, '/invitation?token=x', 'Diese Einladung gilt nicht mehr'],
      ['members', owner, '/desk/members', 'Offene Einladungen'],
      ['organisation', owner, '/desk/organisation', 'Ihre Mitgliedschaft'],
      ['door', ada, '/desk', TITLE],
      ['offered', invited, '/desk', 'Inhaber werden'],
      ['door-missing', ada, '/desk/sales', 'Dafür ist das Recht „Verkaufszahlen“ nötig'],
    ] as const;
    for (const [name, person, path, shows] of pages) {
      const page = await visitors.open(person, { viewport: NARROW, locale: 'de-DE' });
      await page.goto(path);
      await page.getByText(shows).first().waitFor();
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme });
        faults.push(...(await seriousFaults(page, `${name}, ${colorScheme}`, colorScheme === 'light')));
        if (FOLDER) await picture(page, `${name}-320-${colorScheme}`);
      }
      const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      if (Number(wide) > 0) faults.push(`${name} is ${wide} pixels wider than the screen`);
      if (name === 'members') {
        await itemOf(page, ada).getByRole('button').click();
        await page.getByRole('dialog').waitFor();
        faults.push(...(await seriousFaults(page, 'the rights of a member')));
        if (FOLDER) await picture(page, 'rights-320-light');
        await page.keyboard.press('Escape');
      }
      if (FOLDER) {
        await page.setViewportSize({ width: 1280, height: 800 });
        await picture(page, `${name}-1280-light`);
      }
    }
    assert.deepEqual(faults, []);
  });

  async function picture(page: Page, name: string): Promise<void> {
    mkdirSync(FOLDER!, { recursive: true });
    await page.screenshot({ path: join(FOLDER!, `${name}.png`), fullPage: true });
  }
});
