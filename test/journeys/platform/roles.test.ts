import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { io } from 'socket.io-client';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { lapse } from '../../support/lapse.js';
import type { Person } from '../../support/people.js';
import { Replica } from '../../support/replica.js';
import { until } from '../../support/until.js';

describe('one replica that answers and two workers', () => {
  let app: TestApp;
  let sale: Sale;
  let buyer: Person;
  const workers: Replica[] = [];

  beforeAll(async () => {
    app = await startApp({ role: 'api' });
    const env = { EVENTLY_ROLE: 'worker', EVENTLY_SWEEPER: 'on' };
    workers.push(...(await Promise.all([Replica.start(app, env), Replica.start(app, env)])));
    sale = await openSale(app, plainHall(2, 10));
    [buyer] = await app.people(1);
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.process.end('SIGKILL')));
    await app.close();
  });

  /** A hold that lapses, for a worker to end. */
  const lapsing = async (n: number) => {
    const { body } = await buyer.client.post(`/events/${sale.eventId}/holds`, { seats: [n] });
    await lapse(app.db, sale.eventId, body.id);
    return body.id as string;
  };
  const ended = (id: string) => async () =>
    (await app.db.query(`SELECT FROM booking WHERE id = $1 AND status = 'expired'`, [id])).rowCount === 1;

  test('a worker answers health and metrics, and nothing else', async () => {
    const [{ url }] = workers as [Replica];
    const get = async (path: string) => (await fetch(`${url}${path}`)).status;
    for (const path of ['/api/v1/health/live', '/api/v1/health/ready', '/api/v1/health/status', '/metrics'])
      assert.equal(await get(path), 200, path);
    const status = (await (await fetch(`${url}/api/v1/health/status`)).json()) as Json;
    assert.deepEqual([status.role, status.sockets], ['worker', null]);
    const answer = await fetch(`${url}/api/v1/events`);
    assert.deepEqual(
      [answer.status, ((await answer.json()) as { code: string }).code],
      [404, 'route_not_found'],
    );
    for (const path of [
      '/docs',
      '/openapi.json',
      '/dev/mail',
      '/metricsandmore',
      '/socket.io/?EIO=4&transport=polling',
    ])
      assert.equal(await get(path), 404, path);
    const socket = io(`${url}/live`, { transports: ['websocket'], reconnection: false });
    await new Promise((refused, accepted) => socket.once('connect_error', refused).once('connect', accepted));
    socket.disconnect();
  });

  test('status says which role a replica has and how many sockets are open there', async () => {
    const state = async () => {
      const { role, sockets } = (await app.client().get('/health/status')).body;
      return { role, sockets };
    };
    assert.deepEqual(await state(), { role: 'api', sockets: 0 });
    const sockets = [1, 2].map(() => io(`${app.url}/live`, { transports: ['websocket'], forceNew: true }));
    try {
      await until(async () => (await state()).sockets === 2);
      sockets[0]!.disconnect();
      await until(async () => (await state()).sockets === 1);
    } finally {
      for (const socket of sockets) socket.disconnect();
    }
  });

  test('what nobody waits for is done by a worker, and by the other when that one is killed', async () => {
    await until(ended(await lapsing(0)));
    await workers[0]!.process.end('SIGKILL');
    // It may have died in the middle of a sweep: then its lease runs out first.
    await app.db.query(`UPDATE job SET leased_until = now() WHERE name = 'inventory.sweep'`);
    await until(ended(await lapsing(1)));
    const read = async () => (await app.client().get('/health/status')).body.facts.waitingSeconds;
    await until(async () => (await read()) === 0);
    await assertAuditClean(app);
  });

  test('without any worker nothing of it is done, but by whoever comes for the seat', async () => {
    await workers[1]!.process.end('SIGKILL');
    const left = await lapsing(2);
    const { rows } = await app.db.query('SELECT max(due_at) AS due FROM job');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    assert.equal(await ended(left)(), false);
    assert.deepEqual((await app.db.query('SELECT max(due_at) AS due FROM job')).rows, rows, 'no job has run');
    const { status } = await buyer.client.post(`/events/${sale.eventId}/holds`, { seats: [2] });
    assert.deepEqual([status, await ended(left)()], [201, true]);
    await assertAuditClean(app);
  });
});
