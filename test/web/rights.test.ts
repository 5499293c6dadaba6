import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from '@jest/globals';
import { Grants } from '../../src/auth/grants/grants.rules.js';
import { PERMISSIONS } from '../../src/platform/access/permissions.js';
import { ACCESS } from '../support/access-table.js';
import type { Json } from '../support/client.js';

// The web app is no part of this program's build; Node reads its TypeScript.
const load = (path: string): Promise<Json> => import(pathToFileURL(resolve(`web/src/${path}.ts`)).href);

const MEMBERSHIPS = [true, false].flatMap((owner) =>
  [[], ['door'], ['events', 'money'], PERMISSIONS].flatMap((permissions) =>
    [null, ['a'], ['a', 'b']].map((events) => ({ owner, permissions, events }) as Json),
  ),
);

test('the desk says of every member what the server says', async () => {
  const { rightsOf } = await load('desk/rights');
  for (const membership of MEMBERSHIPS) {
    const grants = new Grants();
    grants.learn([
      { ...membership, organisationId: 'o', userId: 'u', ended: false, demands: false, version: 1 },
    ]);
    const rights = rightsOf({ id: 'o', name: 'O', ...membership });
    for (const permission of PERMISSIONS) {
      for (const event of [undefined, 'a', 'b', 'c'])
        assert.equal(
          rights.may(permission, event),
          grants.can({ id: 'u' }, permission, 'o', event),
          JSON.stringify([membership, permission, event]),
        );
      assert.equal(rights.mayForSome(permission), grants.anywhere({ id: 'u' }, permission));
    }
  }
});

test('administrators may do everything; who belongs to nothing may do nothing', async () => {
  const { rightsOf } = await load('desk/rights');
  for (const permission of PERMISSIONS) {
    assert.ok(rightsOf(undefined, { admin: true, everywhere: true }).may(permission));
    assert.ok(!rightsOf(undefined).mayForSome(permission));
  }
});

test('a page names the permission that it needs, and the pages of an event are those that one may open', async () => {
  const { missingFor, pagesOfEvent, rightsOf } = await load('desk/rights');
  const member = (permissions: string[], events: string[] | null = null) =>
    rightsOf({ id: 'o', name: 'O', owner: false, permissions, events });
  const door = member(['door'], ['a']);
  for (const [address, missing] of [
    ['/desk', undefined],
    ['/desk/organisation', undefined],
    ['/desk/events/a/check-in', undefined],
    ['/desk/events/b/check-in', 'door'],
    ['/desk/events/a', 'events'],
    ['/desk/events/a/places', 'prices'],
    ['/desk/events/new', 'events'],
    ['/desk/sales', 'money'],
    ['/desk/venues', 'events'],
    ['/desk/venues/x', 'events'],
    ['/desk/webhooks', 'settings'],
    ['/desk/members', 'members'],
  ] as const)
    assert.equal(missingFor(door, address), missing, address);
  // Sums are of the events on which one may see them; a new event is not one of these.
  assert.equal(missingFor(member(['money'], ['a']), '/desk/sales'), undefined);
  assert.equal(missingFor(member(['events'], ['a']), '/desk/events/new'), 'events');
  const pages = (permissions: string[], status: string) =>
    pagesOfEvent(member(permissions), { id: 'a', status }).map((page: string) => page.slice(14));
  assert.deepEqual(pages(['door'], 'published'), ['/check-in']);
  assert.deepEqual(pages(['door'], 'draft'), []);
  assert.deepEqual(pages(['money'], 'published'), ['/sales']);
  assert.deepEqual(pages(['prices'], 'draft'), ['/places']);
  assert.deepEqual(pages(['events', 'money', 'door'], 'published'), ['', '/places', '/sales', '/check-in']);
});

test('every act about organisations is a sentence of the audit log', async () => {
  const { isDeed } = await load('operator/deeds');
  const acts = Object.keys(ACCESS).filter(
    (route) =>
      /^(?!GET)\w+ \/(organisations|invitations)\b/.test(route) && route !== 'POST /invitations/look',
  );
  assert.ok(acts.length >= 10);
  assert.deepEqual(
    acts.filter((route) => !isDeed(route)),
    [],
  );
});
