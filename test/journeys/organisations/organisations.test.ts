import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { PERMISSIONS } from '../../../src/platform/access/permissions.js';
import { newId } from '../../../src/platform/common/ids.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { rush } from '../../support/load.js';
import { giveRights } from '../../support/members.js';
import type { Person } from '../../support/people.js';
import { until } from '../../support/until.js';

describe('organisations', () => {
  let app: TestApp;
  let sale: Sale;
  let owner: Person;
  let id: string;
  beforeAll(async () => {
    app = await startApp({ limits: { on: false } });
    sale = await openSale(app, plainHall(2, 10));
    owner = sale.organizer;
    id = owner.id;
  });
  afterAll(async () => {
    await assertAuditClean(app);
    await app.close();
  });

  const invite = (by: Person, body: Json, organisation = id) =>
    by.client.post(`/organisations/${organisation}/invitations`, body);
  const change = (by: Person, member: Person, body: Json) =>
    by.client.send('PUT', `/organisations/${id}/members/${member.id}`, body);
  const mailsTo = async (to: string): Promise<Json[]> =>
    (await (await fetch(`${app.url}/dev/mail.json?to=${encodeURIComponent(to)}`)).json()) as Json[];
  /** Token of the newest link in the mails to an address, once there are so many. */
  const tokenFor = async (email: string, mails = 1): Promise<string> => {
    await until(async () => (await mailsTo(email)).length === mails);
    const tokens = (await mailsTo(email)).map(({ text }) => /\/invitation\?token=(\S+)/.exec(text)![1]!);
    for (const token of tokens)
      if ((await app.client().post('/invitations/look', { token })).status === 200) return token;
    throw new Error('No link works');
  };
  const accept = (person: Person, token: string) => person.client.post('/invitations/accept', { token });
  const rolesOf = async (person: Person) =>
    (await app.db.query('SELECT role FROM app_user WHERE id = $1', [person.id])).rows[0].role;

  test('each organizer owns one with their own id; a mere user belongs to none', async () => {
    const [user] = await app.people(1);
    const { data } = (await owner.client.get('/organisations')).body;
    assert.deepEqual(
      data.map((one: Json) => [one.id, one.owner, one.permissions, one.events]),
      [[id, true, [], null]],
    );
    assert.deepEqual((await user.client.get('/organisations')).body.data, []);
    assert.equal((await user.client.get(`/organisations/${id}`)).status, 404);
    assert.equal((await user.client.post('/organisations', { name: 'Mine' })).body.code, 'forbidden');
  });

  test('people are invited by mail and join with the rights of the invitation, once', async () => {
    const [ada, bob] = await app.people(2);
    const email = `${newId()}@example.org`;
    const made = await invite(owner, { email, permissions: ['door'] });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const token = await tokenFor(email);
    const { body: shown } = await app.client().post('/invitations/look', { token });
    assert.deepEqual(
      [shown.organisation.id, shown.email, shown.permissions, shown.events],
      [id, email, ['door'], null],
    );
    assert.equal((await ada.client.get(`/events/${sale.eventId}/check-in`)).body.code, 'forbidden');
    assert.equal((await accept(ada, token)).body.id, id);
    assert.equal((await accept(bob, token)).body.code, 'link_invalid');
    assert.equal(await rolesOf(ada), 'organizer');
    assert.equal((await ada.client.get(`/events/${sale.eventId}/check-in`)).status, 200);
    const edited = await ada.client.send(
      'PATCH',
      `/events/${sale.eventId}`,
      { title: 'No' },
      { 'if-match': '"v9"' },
    );
    assert.deepEqual(
      [edited.status, edited.body.code, edited.body.permission],
      [403, 'permission_missing', 'events'],
    );
    const { data } = (await owner.client.get(`/organisations/${id}/members`)).body;
    assert.deepEqual(
      data.map((one: Json) => [one.userId, one.owner, one.permissions]),
      [
        [owner.id, true, []],
        [ada.id, false, ['door']],
      ],
    );
    assert.equal((await ada.client.get(`/organisations/${id}/members`)).body.code, 'permission_missing');
    assert.equal((await ada.client.post(`/organisations/${id}/leave`)).status, 204);
    assert.equal(await rolesOf(ada), 'user');
    assert.equal((await ada.client.get(`/events/${sale.eventId}/check-in`)).body.code, 'forbidden');
  });

  test('an invitation ends by a new one, by withdrawal and by time, and is refused where it makes no sense', async () => {
    const [ada] = await app.people(1);
    const email = `${newId()}@example.org`;
    await invite(owner, { email, permissions: ['door'] });
    const first = await tokenFor(email);
    const { body: second } = await invite(owner, { email: email.toUpperCase(), permissions: ['money'] });
    await until(async () => (await mailsTo(second.email)).length > 0);
    assert.equal((await accept(ada, first)).body.code, 'link_invalid');
    const { data } = (await owner.client.get(`/organisations/${id}/invitations`)).body;
    assert.deepEqual(
      [data[0].id, data.filter((one: Json) => /^\S+$/.test(one.email)).length],
      [second.id, 1],
    );
    const path = `/organisations/${id}/invitations/${second.id}`;
    assert.equal((await owner.client.delete(path)).status, 204);
    assert.equal((await owner.client.delete(path)).status, 404);

    const late = `${newId()}@example.org`;
    const { body: third } = await invite(owner, { email: late, permissions: [] });
    const token = await tokenFor(late);
    await app.db.query(`UPDATE invitation SET expires_at = now() - interval '1 s' WHERE id = $1`, [third.id]);
    assert.equal((await accept(ada, token)).body.code, 'link_invalid');

    assert.equal((await invite(owner, { email: owner.email, permissions: [] })).body.code, 'already_member');
    const [rival] = await app.people(1, 'organizer');
    const foreign = await openSale(app, plainHall(1, 1));
    for (const [body, code] of [
      [{ email, permissions: ['door'], events: [foreign.eventId] }, 'unknown_events'],
      [{ email, permissions: ['door', 'door'] }, 'validation_failed'],
      [{ email, permissions: ['everything'] }, 'validation_failed'],
      [{ email: 'nobody', permissions: [] }, 'validation_failed'],
    ] as const)
      assert.equal((await invite(owner, body)).body.code, code, JSON.stringify(body));
    assert.equal((await invite(rival, { email, permissions: [] })).body.code, 'not_found');
  });

  test('nobody gives what they do not have, and only owners change owners', async () => {
    const [manager, door, second] = await app.people(3);
    await giveRights(app, id, manager, { permissions: ['members', 'door'] });
    await giveRights(app, id, door, { permissions: ['door'] });
    await giveRights(app, id, second, { owner: true });
    assert.equal(
      (await change(manager, door, { permissions: ['door', 'money'] })).body.code,
      'rights_not_yours',
    );
    assert.equal(
      (await change(manager, manager, { permissions: [...PERMISSIONS] })).body.code,
      'rights_not_yours',
    );
    assert.equal((await change(manager, second, { permissions: [] })).body.code, 'rights_not_yours');
    const removal = await manager.client.delete(`/organisations/${id}/members/${owner.id}`);
    assert.equal(removal.body.code, 'rights_not_yours');
    const offer = { userId: door.id };
    assert.equal(
      (await manager.client.post(`/organisations/${id}/ownership`, offer)).body.code,
      'rights_not_yours',
    );
    assert.equal((await change(manager, door, { permissions: [] })).status, 204);
    assert.equal((await change(owner, second, { permissions: ['money'] })).status, 204);
    assert.equal((await change(second, manager, { permissions: [] })).body.code, 'permission_missing');
    for (const { client } of [manager, door, second]) await client.post(`/organisations/${id}/leave`);
  });

  test('ownership is handed over by acceptance, and one owner always stays', async () => {
    const [ada, bob] = await app.people(2);
    const base = `/organisations/${id}`;
    assert.equal((await owner.client.post(`${base}/leave`)).body.code, 'last_owner');
    assert.equal((await change(owner, owner, { permissions: [] })).body.code, 'last_owner');
    await giveRights(app, id, ada, { permissions: ['door'] });
    assert.equal((await ada.client.post(`${base}/ownership/accept`)).body.code, 'offer_over');
    assert.equal((await owner.client.post(`${base}/ownership`, { userId: bob.id })).body.code, 'not_found');
    assert.equal((await owner.client.post(`${base}/ownership`, { userId: ada.id })).status, 204);
    await until(async () => (await mailsTo(ada.email)).some(({ subject }) => /owner/.test(subject)));
    assert.ok((await ada.client.get('/organisations')).body.data[0].ownershipOfferedUntil);
    assert.equal((await ada.client.post(`${base}/ownership/accept`)).status, 204);
    assert.equal((await ada.client.post(`${base}/ownership/accept`)).body.code, 'offer_over');
    assert.equal(
      (await owner.client.post(`${base}/ownership`, { userId: ada.id })).body.code,
      'already_owner',
    );
    assert.equal((await owner.client.post(`${base}/leave`)).status, 204);
    assert.equal((await owner.client.get(`/events/${sale.eventId}/check-in`)).body.code, 'forbidden');
    assert.equal((await ada.client.get(`/events/${sale.eventId}/check-in`)).status, 200);
    await giveRights(app, id, owner, { owner: true });
    // An offer of somebody who is no owner any more is none.
    await giveRights(app, id, bob, {});
    await ada.client.post(`${base}/ownership`, { userId: bob.id });
    assert.equal((await ada.client.post(`${base}/leave`)).status, 204);
    assert.equal((await bob.client.post(`${base}/ownership/accept`)).body.code, 'offer_over');
    await bob.client.post(`${base}/leave`);
  });

  test('of two owners who leave at the same moment one stays, each time', async () => {
    const [ada] = await app.people(1);
    for (let round = 0; round < 20; round++) {
      for (const one of [owner, ada]) await giveRights(app, id, one, { owner: true });
      const { statuses } = await rush(2, 2, (i) =>
        (i === 0 ? owner : ada).client.post(`/organisations/${id}/leave`),
      );
      assert.deepEqual(statuses, { 204: 1, 409: 1 });
      const { rows } = await app.db.query(
        'SELECT count(*)::int AS owners FROM member WHERE organisation_id = $1 AND owner AND ended_at IS NULL',
        [id],
      );
      assert.equal(rows[0].owners, 1);
    }
    await giveRights(app, id, owner, { owner: true });
    await ada.client.post(`/organisations/${id}/leave`);
  });

  test('rights for single events reach those alone, in lists and numbers as well', async () => {
    const [ada] = await app.people(1);
    const draft = (await owner.client.get(`/events/${sale.eventId}`)).body;
    const fields = ['venueId', 'planId', 'category', 'startsAt', 'endsAt', 'currency'];
    const copy = Object.fromEntries(fields.map((name) => [name, draft[name]]));
    const other = (await owner.client.post('/events', { ...copy, title: 'Other' })).body;
    await giveRights(app, id, ada, { permissions: ['door', 'events', 'money'], events: [sale.eventId] });
    assert.equal((await ada.client.get(`/events/${sale.eventId}/check-in`)).status, 200);
    assert.equal((await ada.client.get(`/events/${other.id}/check-in`)).body.code, 'not_found');
    assert.equal((await ada.client.get(`/events/${other.id}`)).body.code, 'not_found', 'a draft');
    const mine = (await ada.client.get('/events?mine=true')).body;
    assert.deepEqual(
      mine.data.map((one: Json) => one.id),
      [sale.eventId],
    );
    assert.equal((await owner.client.get('/events?mine=true')).body.total, 2);
    assert.equal((await ada.client.get('/analytics/summary')).status, 200);
    assert.equal((await ada.client.get(`/analytics/events/${other.id}`)).status, 404);
    const created = await ada.client.post('/events', { ...copy, title: 'Mine' });
    assert.deepEqual([created.status, created.body.code], [403, 'permission_missing']);
    assert.equal((await ada.client.post('/venues', draft)).status, 400);
    await ada.client.post(`/organisations/${id}/leave`);
    await owner.client.delete(`/events/${other.id}`);
  });

  test('a member of several says for which one, and reaches no other that way', async () => {
    const [ada, stranger] = await app.people(2, 'organizer');
    const { body: second } = await owner.client.post('/organisations', { name: 'Second' });
    const venue = (await owner.client.get(`/venues/${sale.venueId}`)).body;
    const { name, city, country, address, timezone, capacity } = venue;
    const wanted = { name, city, country, address, timezone, capacity };
    const acting = (organisation: string) => ({ 'evently-organisation': organisation });
    assert.equal((await owner.client.post('/venues', wanted)).body.organizerId, id, 'their own first');
    const made = await owner.client.post('/venues', wanted, acting(second.id));
    assert.equal(made.body.organizerId, second.id);
    assert.equal((await owner.client.delete(`/venues/${made.body.id}`)).status, 204);
    assert.equal((await owner.client.get('/events?mine=true')).body.total, 1);
    const elsewhere = await owner.client.get('/events?mine=true', acting(second.id));
    assert.equal(elsewhere.body.total, 0);
    assert.equal((await owner.client.post('/venues', wanted, acting(stranger.id))).body.code, 'not_found');
    assert.equal((await owner.client.post('/venues', wanted, acting('x'))).body.code, 'invalid_parameter');

    // Seen once, so that this replica knows of the one of her own.
    assert.equal((await ada.client.get('/webhooks')).status, 200);
    await giveRights(app, second.id, ada, { permissions: ['events'] });
    await giveRights(app, id, ada, { permissions: ['events'] });
    assert.equal((await ada.client.post('/venues', wanted)).body.organizerId, ada.id);
    await app.db.query('DELETE FROM venue WHERE organizer_id = $1', [ada.id]);
    assert.equal((await ada.client.post(`/organisations/${ada.id}/leave`)).body.code, 'last_owner');
    const [guest] = await app.people(1);
    for (const organisation of [second.id, id])
      await giveRights(app, organisation, guest, { permissions: ['events'] });
    assert.equal((await guest.client.post('/venues', wanted)).body.code, 'organisation_required');
    assert.equal((await guest.client.post('/venues', wanted, acting(id))).status, 201);
    for (const one of [ada, guest]) await one.client.post(`/organisations/${id}/leave`);
  });

  test('roles given by a release without organisations make one, and take memberships', async () => {
    const [ada] = await app.people(1);
    const role = (to: string) => app.db.query('UPDATE app_user SET role = $2 WHERE id = $1', [ada.id, to]);
    await role('organizer');
    assert.deepEqual((await ada.client.get('/organisations')).body.data[0].owner, true);
    await until(async () => (await ada.client.get('/webhooks')).status === 200);
    await giveRights(app, id, ada, { permissions: ['door'] });
    await role('user');
    assert.deepEqual((await ada.client.get('/organisations')).body.data, []);
    await until(async () => (await ada.client.get(`/events/${sale.eventId}/check-in`)).status === 403);
  });

  test('an owner whom others need cannot delete the account; a member who does takes the invitations along', async () => {
    const [ada] = await app.people(1);
    await giveRights(app, id, ada, { permissions: ['door'] });
    const refused = await owner.client.send('DELETE', '/auth/me', { password: 'x' });
    assert.equal(refused.body.code, 'wrong_password');
    const [admin] = await app.people(1, 'admin');
    const demoted = await admin.client.send('PATCH', `/admin/users/${owner.id}`, { role: 'user' });
    assert.equal(demoted.body.code, 'events_on_sale');
    await invite(owner, { email: `x${ada.email}`, permissions: [] });
    await app.db.query('UPDATE app_user SET email = $2 WHERE id = $1', [ada.id, `x${ada.email}`]);
    await app.db.query(
      `UPDATE app_user SET email = NULL, name = NULL, password_hash = NULL, email_verified_at = NULL, role = 'user', deleted_at = now()
       WHERE id = $1`,
      [ada.id],
    );
    const invitations = (await owner.client.get(`/organisations/${id}/invitations`)).body.data;
    assert.equal(invitations.filter((one: Json) => one.email === `x${ada.email}`).length, 0);
    const members = (await owner.client.get(`/organisations/${id}/members`)).body.data;
    assert.ok(!members.some((one: Json) => one.userId === ada.id));
  });

  test('name, address and website are changed by who may, and stand on tickets', async () => {
    const [ada] = await app.people(1);
    await giveRights(app, id, ada, { permissions: ['events'] });
    const edit = (by: Person, version: number, body: Json) =>
      by.client.send('PATCH', `/organisations/${id}`, body, { 'if-match': `"v${version}"` });
    const { version } = (await owner.client.get(`/organisations/${id}`)).body;
    assert.equal((await edit(ada, version, { name: 'No' })).body.code, 'permission_missing');
    const changed = await edit(owner, version, { name: 'Club', website: 'https://club.example.org' });
    assert.deepEqual([changed.status, changed.body.name, changed.body.version], [200, 'Club', version + 1]);
    assert.equal((await edit(owner, version, { name: 'Late' })).body.code, 'version_mismatch');
    assert.equal((await edit(owner, version + 1, { website: 'javascript:x' })).status, 422);
    await ada.client.post(`/organisations/${id}/leave`);
  });
});
