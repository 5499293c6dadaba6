import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { DeliveriesService } from '../../../src/notifications/webhooks/deliveries.service.js';
import { DeliveryWorkerService } from '../../../src/notifications/webhooks/delivery-worker.service.js';
import { pauseAfter } from '../../../src/notifications/webhooks/webhook.rules.js';
import { WebhookSender } from '../../../src/notifications/webhooks/webhook-sender.js';
import { isPublicAddress, urlProblem } from '../../../src/platform/common/address.rules.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Json } from '../../support/client.js';
import { Endpoint, type Message } from '../../support/endpoint.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { card } from '../../support/money.js';
import type { Person } from '../../support/people.js';
import { until } from '../../support/until.js';

describe('webhooks', () => {
  let app: TestApp;
  let sale: Sale;
  let buyer: Person;
  let endpoint: Endpoint;
  let seat = 0;

  const create = async (path: string, facts: string[], by = sale.organizer): Promise<Json> => {
    const { status, body } = await by.client.post('/webhooks', { url: endpoint.url(path), facts });
    assert.equal(status, 201, JSON.stringify(body));
    return body;
  };
  const buy = async (): Promise<Json> => {
    const { body } = await buyer.client.post(`/events/${sale.eventId}/holds`, { seats: [seat++] });
    const paid = await buyer.client.post(`/bookings/${body.id}/checkout`, card());
    assert.equal(paid.status, 200, JSON.stringify(paid.body));
    return paid.body;
  };
  /** Hours pass. */
  const hurry = async () => {
    await app.db.query(`WITH d AS (UPDATE webhook_delivery SET due_at = now() WHERE state = 'pending' AND lease IS NULL)
                        UPDATE webhook SET resting_until = NULL`);
    app.nest.get(DeliveryWorkerService).nudge();
  };

  beforeAll(async () => {
    app = await startApp({ webhooks: { allowPrivate: true, timeoutMs: 400 } });
    sale = await openSale(app, plainHall(20, 20));
    buyer = (await app.people(1))[0];
    endpoint = await Endpoint.start();
  });

  afterAll(async () => {
    await app.close();
    endpoint.close();
  });

  test('tells the organizer what happens at the events, signed, in order, and nobody else', async () => {
    const { secret } = await create('/mine', ['booking.*']);
    const [other] = await app.people(1, 'organizer');
    await create('/theirs', ['booking.*', 'event.*'], other!);
    const { id } = await buy();
    await until(() => endpoint.at('/mine').length === 2);
    const [first, second] = endpoint.at('/mine') as [Message, Message];
    assert.deepEqual(
      [first, second].map(({ fact }) => [fact.id, fact.type, fact.eventId, fact.version]),
      [
        [`booking:${id}:2`, 'booking.paying', sale.eventId, 2],
        [`booking:${id}:3`, 'booking.confirmed', sale.eventId, 3],
      ],
    );
    const {
      'webhook-id': webhookId,
      'webhook-timestamp': at,
      'webhook-signature': signature,
    } = first.headers;
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const wanted = createHmac('sha256', key).update(`${webhookId}.${at}.${first.body}`).digest('base64');
    assert.equal(signature, `v1,${wanted}`);
    assert.ok(Math.abs(Number(at) - Date.now() / 1_000) < 60);
    assert.deepEqual(endpoint.at('/theirs'), []);
  });

  test('tell of a sale when the bank has paid, and of none that it does not pay', async () => {
    await create('/sold', ['booking.confirmed', 'booking.cancelled', 'payment.captured', 'payment.voided']);
    const { body } = await buyer.client.post(`/events/${sale.eventId}/holds`, { seats: [seat++] });
    const refused = await buyer.client.post(`/bookings/${body.id}/checkout`, card('4000000000000606'));
    assert.equal(refused.status, 402);
    const { id } = await buy();
    await until(() => endpoint.at('/sold').length === 4);
    const told = endpoint.at('/sold').map(({ fact }) => [fact.type, fact.data.bookingId ?? fact.streamId]);
    const of = (booking: string) => told.filter(([, about]) => about === booking).map(([type]) => type);
    assert.deepEqual(of(body.id).toSorted(), ['booking.cancelled', 'payment.voided']);
    assert.deepEqual(of(id).toSorted(), ['booking.confirmed', 'payment.captured']);
  });

  test('tries again what was refused, keeps the order of a stream, and shows each attempt', async () => {
    const webhook = await create('/flaky', ['booking.*']);
    let refuse = 2;
    endpoint.answer = ({ path }) => (path === '/flaky' && refuse-- > 0 ? 503 : 204);
    await buy();
    for (const times of [1, 2]) {
      await until(() => endpoint.at('/flaky').length === times);
      await until(async () => {
        await hurry();
        return endpoint.at('/flaky').length > times;
      });
    }
    await until(() => endpoint.at('/flaky').length === 4);
    assert.deepEqual(
      endpoint.at('/flaky').map(({ fact }) => fact.version),
      [2, 2, 2, 3],
    );
    const list = `/webhooks/${webhook.id}/deliveries`;
    await until(
      async () => (await sale.organizer.client.get(`${list}?state=pending`)).body.data.length === 0,
    );
    const { body } = await sale.organizer.client.get(list);
    assert.deepEqual(
      body.data.map((d: Json) => [d.type, d.state, d.attempts, d.lastStatus]),
      [
        ['booking.confirmed', 'delivered', 1, 204],
        ['booking.paying', 'delivered', 3, 204],
      ],
    );
    const one = await sale.organizer.client.get(`${list}/${body.data[1].id}`);
    assert.deepEqual(
      one.body.tries.map((attempt: Json) => attempt.status),
      [503, 503, 204],
    );
    assert.equal(one.body.body, endpoint.at('/flaky')[0]!.body);
  });

  test('gives up in the end; what failed can be sent again, alone or with all since', async () => {
    const webhook = await create('/dead', ['booking.confirmed']);
    endpoint.answer = ({ path }) => (path === '/dead' ? 500 : 204);
    const since = new Date().toISOString();
    await buy();
    const list = `/webhooks/${webhook.id}/deliveries`;
    await until(async () => {
      await hurry();
      return (await sale.organizer.client.get(`${list}?state=failed`)).body.data.length === 1;
    }, 60_000);
    const [failed] = (await sale.organizer.client.get(list)).body.data;
    assert.equal(failed.attempts, 11);
    endpoint.answer = () => 200;
    await hurry();
    const replayed = await sale.organizer.client.post(`${list}/${failed.id}/replay`);
    assert.equal(replayed.status, 202, JSON.stringify(replayed.body));
    await until(
      async () => (await sale.organizer.client.get(`${list}?state=delivered`)).body.data.length === 1,
    );
    const ids = new Set(endpoint.at('/dead').map(({ headers }) => headers['webhook-id']));
    assert.equal(ids.size, 1);
    const all = await sale.organizer.client.post(`/webhooks/${webhook.id}/replay`, { since });
    assert.deepEqual([all.status, all.body], [202, { count: 1 }]);
    await until(() => endpoint.at('/dead').length === 13);
  });

  test('does not let a slow endpoint keep the others waiting, and follows no redirect', async () => {
    await create('/slow', ['booking.confirmed']);
    await create('/moved', ['booking.confirmed']);
    await create('/quick', ['booking.confirmed']);
    endpoint.answer = ({ path }) => (path === '/slow' ? 'never' : path === '/moved' ? 302 : 204);
    for (let i = 0; i < 12; i++) await buy();
    await until(() => endpoint.at('/quick').length === 12);
    assert.deepEqual(endpoint.at('/elsewhere'), []);
    assert.ok(endpoint.at('/slow').length < 12);
    endpoint.answer = () => 204;
  });

  test('changes the secret without a gap, tests the way, and is quiet when it is off', async () => {
    const { client } = sale.organizer;
    const webhook = await create('/secret', ['booking.confirmed']);
    const { body: changed } = await client.post(`/webhooks/${webhook.id}/secret`);
    assert.notEqual(changed.secret, webhook.secret);
    const ping = await client.post(`/webhooks/${webhook.id}/ping`);
    assert.deepEqual([ping.status, ping.body.type], [202, 'webhook.ping']);
    await until(() => endpoint.at('/secret').length === 1);
    assert.equal(endpoint.at('/secret')[0]!.headers['webhook-signature']!.split(' ').length, 2);
    const { headers } = await client.get(`/webhooks/${webhook.id}`);
    const off = await client.patch(
      `/webhooks/${webhook.id}`,
      { active: false },
      { 'if-match': headers.etag! },
    );
    assert.deepEqual([off.status, off.body.active], [200, false]);
    await buy();
    await until(() => endpoint.at('/quick').length === 13);
    assert.equal(endpoint.at('/secret').length, 1);
    const refused = await client.post(`/webhooks/${webhook.id}/ping`);
    assert.deepEqual([refused.status, refused.body.code], [409, 'webhook_inactive']);
    assert.equal((await client.delete(`/webhooks/${webhook.id}`)).status, 204);
    assert.equal((await client.get(`/webhooks/${webhook.id}`)).status, 404);
  });

  test('switches off what has accepted nothing for days, and says so', async () => {
    const { client } = sale.organizer;
    const webhook = await create('/gone', ['booking.confirmed']);
    await app.db.query(`UPDATE webhook SET failing_since = now() - interval '4 days' WHERE id = $1`, [
      webhook.id,
    ]);
    await app.nest.get(DeliveriesService).keepHouse();
    const { body } = await client.get(`/webhooks/${webhook.id}`);
    assert.equal(body.active, false);
    assert.match(body.disabledReason, /3 days/);
    const on = await client.patch(
      `/webhooks/${webhook.id}`,
      { active: true },
      { 'if-match': `"v${body.version}"` },
    );
    assert.deepEqual([on.body.active, on.body.disabledReason], [true, null]);
  });

  test('belongs to its organizer, has a limit, and refuses bad input', async () => {
    const [other] = await app.people(1, 'organizer');
    const webhook = await create('/owner', ['booking.confirmed']);
    for (const path of ['', '/deliveries'])
      assert.equal((await other.client.get(`/webhooks/${webhook.id}${path}`)).status, 404);
    assert.equal((await other.client.delete(`/webhooks/${webhook.id}`)).status, 404);
    assert.equal((await buyer.client.get('/webhooks')).status, 403);
    for (const facts of [
      [],
      ['user.*'],
      ['booking'],
      ['*'],
      ['booking.*.x'],
      ['booking.held'],
      ['webhook.created'],
    ]) {
      const { status, body } = await other.client.post('/webhooks', { url: endpoint.url('/x'), facts });
      assert.deepEqual([status, body.code], [422, 'validation_failed'], JSON.stringify(facts));
    }
    const urls = ['ftp://example.org', 'nonsense', 'https://me:pw@example.org/', 'https://example.org/#x'];
    for (const url of urls) {
      const { status, body } = await other.client.post('/webhooks', { url, facts: ['booking.*'] });
      assert.deepEqual([status, body.code, body.errors[0].path], [422, 'webhook_url_refused', 'url'], url);
    }
    const many = await Promise.all(
      Array.from({ length: 30 }, () =>
        other.client.post('/webhooks', { url: endpoint.url('/n'), facts: ['event.*'] }),
      ),
    );
    assert.equal(many.filter(({ status }) => status === 201).length, 20);
    assert.ok(many.every(({ status, body }) => status === 201 || body.code === 'too_many_webhooks'));
  });

  test('reaches no private address: neither by number nor by a name, nor after its name changed', async () => {
    for (const address of [
      '127.0.0.1',
      '10.1.2.3',
      '172.16.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
      '::1',
      'fe80::1',
      'fc00::1',
      '::ffff:127.0.0.1',
      '::ffff:a9fe:a9fe',
      '64:ff9b::7f00:1',
      '224.0.0.1',
      '255.255.255.255',
      'x',
    ])
      assert.equal(isPublicAddress(address), false, address);
    for (const address of ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'])
      assert.equal(isPublicAddress(address), true, address);
    for (const url of [
      'http://example.org',
      'https://127.0.0.1/',
      'https://[::1]/',
      'https://localhost/',
      'https://0x7f.1/',
      'https://2130706433/',
    ])
      assert.notEqual(urlProblem(url, false), undefined, url);
    assert.equal(urlProblem('https://example.org/hook', false), undefined);
    // A public name with a private address, as after a change at its name server.
    const strict = new WebhookSender({ webhooks: { ...app.config.webhooks, allowPrivate: false } });
    const { port } = new URL(endpoint.url('/'));
    const sent = await strict.post(`https://ip6-localhost.:${port}/private`, {}, '{}');
    assert.equal(sent.status, undefined);
    assert.match(sent.error!, /no public address|ENOTFOUND|EAI_AGAIN/);
    assert.deepEqual(endpoint.at('/private'), []);
  });

  test('waits longer after each failure, 32 hours in all', () => {
    const pauses = Array.from({ length: 10 }, (_, i) => pauseAfter(i + 1)!);
    assert.deepEqual(
      pauses,
      pauses.toSorted((a, b) => a - b),
    );
    assert.equal(Math.round(pauses.reduce((a, b) => a + b) / 3_600), 32);
    assert.equal(pauseAfter(11), undefined);
  });
});
