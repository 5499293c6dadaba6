import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { newId } from '../../../src/platform/common/ids.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { giveRights } from '../../support/members.js';
import { card } from '../../support/money.js';
import type { Person } from '../../support/people.js';
import { until } from '../../support/until.js';

describe('the log of an organisation', () => {
  let app: TestApp;
  let sale: Sale;
  let foreign: Sale;
  let owner: Person;
  let clerk: Person;
  let admin: Person;

  beforeAll(async () => {
    app = await startApp();
    [admin] = await app.people(1, 'admin');
    [clerk] = await app.people(1);
    sale = await openSale(app, plainHall(1, 6));
    foreign = await openSale(app, plainHall(1, 6));
    owner = sale.organizer;
    await giveRights(app, owner.id, clerk, { permissions: ['events', 'settings', 'refunds', 'members'] });
  });
  afterAll(() => app.close());

  const log = async (query = '', { client } = owner): Promise<Json> =>
    (await client.get(`/organisations/${owner.id}/audit${query}`)).body;
  const deeds = async (query = ''): Promise<string[]> =>
    (await log(query)).data.map(({ action }: Json) => action);

  test('has what members, keys and administrators do, and nothing of others', async () => {
    const { venueId, planId, title, category, startsAt, endsAt, currency } = sale.event;
    const draft = { venueId, planId, title, category, startsAt, endsAt, currency };
    const made = await clerk.client.post('/events', draft);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const wanted = { name: 'Shop', permissions: ['events'] };
    const key = await clerk.client.post(`/organisations/${owner.id}/keys`, wanted);
    assert.equal(key.status, 201, JSON.stringify(key.body));
    const machine = app.client(key.body.key);
    assert.equal((await machine.post(`/events/${sale.eventId}/seats/block`, { seats: [4] })).status, 200);
    const [buyer] = await app.people(1);
    const { body } = await buyer.client.post(`/events/${sale.eventId}/holds`, { seats: [0] });
    assert.equal((await buyer.client.post(`/bookings/${body.id}/checkout`, card())).status, 200);
    const [{ id: payment }] = (await buyer.client.get('/payments')).body.data;
    assert.equal((await admin.client.post(`/payments/${payment}/refund`, { amount: 1 })).status, 200);
    const member = `/organisations/${owner.id}/members/${clerk.id}`;
    assert.equal((await owner.client.put(member, { permissions: ['members'] })).status, 204);
    assert.equal(
      (await clerk.client.post(`/events/${sale.eventId}/seats/block`, { seats: [5] })).status,
      403,
    );
    const path = `/events/${foreign.eventId}/seats/block`;
    assert.equal((await foreign.organizer.client.post(path, { seats: [4] })).status, 200);

    await until(async () => (await log()).data.every(({ status }: Json) => status !== null));
    const { data } = await log();
    const told = data.map(({ actor, action, about, status }: Json) => [
      actor,
      action,
      about?.name ?? null,
      status,
    ]);
    const nameOf = ({ id }: Person) => `Person ${id.slice(0, 8)}`;
    assert.deepEqual(told.slice(0, 5), [
      [owner.id, 'PUT /organisations/{id}/members/{member}', nameOf(clerk), 204],
      [admin.id, 'POST /payments/{id}/refund', title, 200],
      [key.body.id, 'POST /events/{id}/seats/block', title, 200],
      [clerk.id, 'POST /organisations/{id}/keys', null, 201],
      [clerk.id, 'POST /events', null, 201],
    ]);
    assert.equal(data[2].actorName, `Shop (${nameOf(clerk)})`);
    assert.ok(data.every(({ target }: Json) => target !== foreign.eventId));
    assert.deepEqual(await deeds(`?actor=${key.body.id}`), ['POST /events/{id}/seats/block']);
    assert.deepEqual(await deeds(`?actor=${clerk.id}`), ['POST /organisations/{id}/keys', 'POST /events']);
    assert.deepEqual((await deeds(`?eventId=${sale.eventId}`)).slice(0, 2), [
      'POST /payments/{id}/refund',
      'POST /events/{id}/seats/block',
    ]);
    assert.deepEqual(await deeds(`?subject=${clerk.id}`), ['PUT /organisations/{id}/members/{member}']);
    assert.deepEqual(await deeds(`?eventId=${foreign.eventId}`), [], 'an event of others');
    assert.deepEqual(await deeds(`?actor=${foreign.organizer.id}`), []);
    const first = await log('?limit=2');
    assert.deepEqual((await log(`?limit=1&cursor=${first.next}`)).data, [data[2]]);
  });

  test('has who leaves and who becomes an owner', async () => {
    const [guest] = await app.people(1);
    await giveRights(app, owner.id, guest, { permissions: ['door'] });
    const path = `/organisations/${owner.id}`;
    assert.equal((await owner.client.post(`${path}/ownership`, { userId: guest.id })).status, 204);
    assert.equal((await guest.client.post(`${path}/ownership/accept`)).status, 204);
    assert.equal((await guest.client.post(`${path}/leave`)).status, 204);
    assert.deepEqual(await deeds(`?actor=${guest.id}`), [
      'POST /organisations/{id}/leave',
      'POST /organisations/{id}/ownership/accept',
    ]);
    assert.deepEqual(await deeds(`?subject=${guest.id}`), ['POST /organisations/{id}/ownership']);
  });

  test('is for members who see to the members', async () => {
    const [door, stranger] = await app.people(2);
    await giveRights(app, owner.id, door, { permissions: ['door', 'money', 'settings'] });
    const read = ({ client }: Pick<Person, 'client'>, id = owner.id) =>
      client.get(`/organisations/${id}/audit`);
    const codes = [door, stranger, foreign.organizer].map(async (one) => (await read(one)).body.code);
    assert.deepEqual(await Promise.all(codes), ['permission_missing', 'forbidden', 'not_found']);
    assert.equal((await read(clerk)).status, 200);
    assert.equal((await read(owner, newId())).body.code, 'not_found');
    for (const query of ['?actor=x', '?from=yesterday', '?limit=1000', '?action=POST', '?cursor=x'])
      assert.equal((await owner.client.get(`/organisations/${owner.id}/audit${query}`)).status, 400, query);
  });

  test('is read by an index, and what the release before writes belongs to it as well', async () => {
    const id = newId();
    await app.db.query(
      `INSERT INTO act (id, actor, role, action, target, said) VALUES ($1, $2, 'organizer', 'POST /events/{id}/pause', $3, '{}')`,
      [id, owner.id, sale.eventId],
    );
    assert.equal((await log('?limit=1')).data[0].id, id);
    const pages: [string, string][] = [
      ['act_of_organisation', `organisation_id = '${owner.id}'`],
      ['act_of_event', `event_id = '${sale.eventId}'`],
    ];
    for (const [index, where] of pages) {
      await app.db.query('SET enable_seqscan = off');
      const { rows } = await app.db.query(
        `EXPLAIN SELECT * FROM act WHERE ${where} ORDER BY id DESC LIMIT 31`,
      );
      assert.match(JSON.stringify(rows), new RegExp(index));
    }
  });
});
