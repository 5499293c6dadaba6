import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { io } from 'socket.io-client';
import { TokenService } from '../../../src/auth/tokens/token.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Client, Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { giveRights } from '../../support/members.js';
import type { Person } from '../../support/people.js';
import { until } from '../../support/until.js';

describe('an organisation that demands a second factor', () => {
  let a: TestApp;
  let b: TestApp;
  let sale: Sale;
  let member: Person;
  let strong: (person: Person, app?: TestApp) => Client;

  beforeAll(async () => {
    a = await startApp();
    b = await startApp({ database: a.config.database });
    sale = await openSale(a, plainHall(10, 10));
    [member] = await a.people(1);
    await giveRights(a, sale.organizer.id, member, { permissions: ['door', 'money'] });
    strong = ({ id, sessionId }, app = a) =>
      app.client(
        a.nest
          .get(TokenService)
          .sign({ id, sessionId, role: 'organizer', locale: 'en', strong: true as const }),
      );
  });
  afterAll(async () => {
    await b.close();
    await a.close();
  });

  const find = async (client: Client): Promise<Json> =>
    (await client.get(`/organisations/${sale.organizer.id}`)).body;
  async function demand(client: Client, demandsSecondFactor: boolean) {
    const { version } = await find(client);
    return client.send(
      'PATCH',
      `/organisations/${sale.organizer.id}`,
      { demandsSecondFactor },
      { 'if-match': `"v${version}"` },
    );
  }
  const summary = (client: Client) => client.get(`/analytics/events/${sale.eventId}`);

  test('is made one by an owner who has a second factor, and by nobody else', async () => {
    assert.equal((await demand(sale.organizer.client, true)).body.code, 'second_factor_demanded');
    const [manager] = await a.people(1);
    await giveRights(a, sale.organizer.id, manager, { permissions: ['settings'] });
    assert.equal((await demand(strong(manager), true)).body.code, 'rights_not_yours');
    const { rows } = await a.db.query('SELECT demands_second_factor AS on FROM organisation WHERE id = $1', [
      sale.organizer.id,
    ]);
    assert.equal(rows[0].on, false);
  });

  test('opens nothing to members without, on every replica, and everything with', async () => {
    const { body: key } = await sale.organizer.client.post(`/organisations/${sale.organizer.id}/keys`, {
      name: 'Shop',
      permissions: ['money'],
    });
    assert.equal((await summary(member.client)).status, 200);
    assert.equal((await summary(b.client(member.token))).status, 200);
    const owner = strong(sale.organizer);
    assert.equal((await demand(owner, true)).status, 200);
    assert.equal((await summary(member.client)).body.code, 'second_factor_demanded', 'at once here');
    await until(async () => (await summary(b.client(member.token))).status === 403, 2_000);
    assert.equal((await summary(b.client(member.token))).body.code, 'second_factor_demanded');
    assert.equal((await summary(strong(member))).status, 200);
    assert.equal((await summary(strong(member, b))).status, 200);
    assert.equal((await summary(a.client(key.key))).status, 200, 'a key has no second factor');
    assert.equal((await sale.organizer.client.get('/organisations')).body.data[0].demandsSecondFactor, true);
    const [stranger] = await a.people(1, 'organizer');
    assert.equal((await summary(strong(stranger))).status, 404, 'a second factor is no right');
    const socket = io(`${a.url}/live`, { transports: ['websocket'], auth: { token: member.token } });
    const answer = await socket.timeout(5_000).emitWithAck('watch.sales', { eventId: sale.eventId });
    socket.close();
    assert.equal(answer.error?.code, 'second_factor_demanded', JSON.stringify(answer));

    assert.equal((await demand(owner, false)).status, 200);
    assert.equal((await summary(member.client)).status, 200);
    await until(async () => (await summary(b.client(member.token))).status === 200, 2_000);
  });
});
