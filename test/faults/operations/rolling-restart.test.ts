import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import type { Agent } from 'undici';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import { createAgent, type Json } from '../../support/client.js';
import { Cluster } from '../../support/cluster.js';
import { Crowd } from '../../support/crowd.js';
import { assertExact } from '../../support/exact.js';
import { openSale, plainHall, realHall } from '../../support/halls.js';
import { assertKept } from '../../support/kept.js';
import { lapse } from '../../support/lapse.js';
import { card, charges } from '../../support/money.js';
import { describeWith } from '../../support/needing.js';
import { note } from '../../support/note.js';
import type { Person } from '../../support/people.js';
import { SeatWatcher } from '../../support/seat-watcher.js';
import { SteadyLoad } from '../../support/steady-load.js';
import { until } from '../../support/until.js';

const any = (count: number) => Math.floor(Math.random() * count);

describeWith('haproxy')('replicas that come and go behind a proxy', () => {
  let app: TestApp;
  let cluster: Cluster;
  let agent: Agent;
  let people: Person[];

  beforeAll(async () => {
    app = await startApp({ inventory: { sweeper: false }, sagas: { worker: false } });
    cluster = await Cluster.start(app, {
      env: {
        EVENTLY_DRAIN_SECONDS: '3',
        EVENTLY_PAYMENT_TIMEOUT_MS: '2000',
        EVENTLY_SAGA_LEASE_MS: '5000',
        EVENTLY_LIVE_POLLING: 'off',
      },
    });
    agent = createAgent();
    people = await app.people(100);
  });
  afterAll(async () => {
    await agent?.destroy();
    await cluster?.stop();
    await app?.close();
  });

  test('each is restarted under load: no request fails, and who watches misses nothing', async () => {
    const { eventId } = await openSale(app, plainHall(100, 100));
    const watchers = Array.from({ length: 4 }, () => new SeatWatcher(cluster.url, eventId));
    try {
      await Promise.all(watchers.map((watcher) => watcher.ready()));
      const goodbyes: Json[] = [];
      for (const { socket } of watchers) socket.on('server.closing', (reason) => goodbyes.push(reason));
      const clients = people.map(({ token }) => cluster.client(agent, token));
      const load = new SteadyLoad(40, async (i) => {
        const client = clients[i % clients.length]!;
        if (i % 3 === 0) return client.get(`/events/${eventId}/seats`);
        if (i % 3 === 1) return client.get('/events');
        return client.post(
          `/events/${eventId}/holds`,
          { seats: [any(10_000)] },
          { 'idempotency-key': `restart-${i}` },
        );
      });
      for (const which of [0, 1] as const) {
        assert.equal(await cluster.replicas[which].process.end('SIGTERM'), 0);
        await cluster.revive(which);
      }
      await load.stop();
      note(JSON.stringify({ heard: load.heard, failed: load.failed, goodbyes: goodbyes.length }));
      assert.deepEqual(load.failed, []);
      assert.ok(goodbyes.length >= watchers.length);
      for (const { code } of goodbyes) assert.equal(code, 'shutting_down');
      const told = load.answers.filter(({ status }) => status === 201).map(({ body }) => body.id);
      const { rows } = await app.db.query('SELECT id FROM booking WHERE event_id = $1 ORDER BY id', [
        eventId,
      ]);
      assert.deepEqual(
        rows.map(({ id }) => id),
        told.toSorted(),
      );
      for (const watcher of watchers) await assertExact(app.db, watcher);
      await assertAuditClean(app);
    } finally {
      for (const watcher of watchers) watcher.close();
    }
  });

  test('one is stopped in the middle of its batches: who comes through the proxy is served by the other', async () => {
    const { eventId } = await openSale(app, plainHall(100, 100));
    const watcher = await new SeatWatcher(cluster.replicas[1].url, eventId).ready();
    const crowd = new Crowd({
      eventId,
      clients: people.map(({ token }) => cluster.client(agent, token)),
      width: 60,
      wish: () => ({ seats: [any(10_000)] }),
      releases: 0.2,
    });
    const waits: number[] = [];
    for (let stops = 0; stops < 3; stops++) {
      await crowd.gets(60);
      cluster.replicas[0].signal('SIGSTOP');
      const began = Date.now();
      await crowd.gets(60);
      waits.push(Date.now() - began);
      cluster.replicas[0].signal('SIGCONT');
    }
    await crowd.stop();
    note(JSON.stringify({ msFor60: waits, heard: crowd.heard }));
    assert.deepEqual(
      Object.keys(crowd.heard).filter((what) => !['201', '204', '409'].includes(what)),
      [],
    );
    await assertKept(app.db, eventId, crowd);
    await assertExact(app.db, watcher);
    watcher.close();
    await assertAuditClean(app);
  });

  describe('a hold whose time runs out while its replica is stopped', () => {
    const setUp = async () => {
      const { eventId } = await openSale(app, realHall());
      const [stopped, other] = cluster.replicas;
      const [buyer, stranger] = people as [Person, Person];
      const client = stopped.client(agent, buyer.token);
      const { body } = await client.post(`/events/${eventId}/holds`, { seats: [7] });
      /** The other replica sells the seat. */
      const lose = async () => {
        await lapse(app.db, eventId, body.id);
        const sold = await other
          .client(agent, stranger.token)
          .post(`/events/${eventId}/holds`, { seats: [7] });
        assert.equal(sold.status, 201);
        return sold.body.id;
      };
      return { id: body.id as string, eventId, client, stopped, lose };
    };
    const ownerOf = async (eventId: string) => {
      const { rows } = await app.db.query(
        `SELECT booking_id AS id FROM booking_item WHERE event_id = $1 AND n = 7 AND status IN ('held', 'confirmed', 'cancelling')`,
        [eventId],
      );
      return rows.map(({ id }) => id);
    };
    const statusOf = async (id: string) =>
      (await app.db.query('SELECT status FROM booking WHERE id = $1', [id])).rows[0].status;

    test('before it is paid: it is refused, and no money moves', async () => {
      const { id, eventId, client, stopped, lose } = await setUp();
      stopped.signal('SIGSTOP');
      const paying = client.post(`/bookings/${id}/checkout`, card());
      const winner = await lose();
      stopped.signal('SIGCONT');
      const { status, body } = await paying;
      assert.deepEqual([status, body.code], [409, 'hold_expired']);
      assert.deepEqual([await statusOf(id), await ownerOf(eventId)], ['expired', [winner]]);
      assert.deepEqual(await charges(app, id), []);
      await assertAuditClean(app);
    });

    test('in the middle of its payment: the money goes back', async () => {
      const { id, eventId, client, stopped, lose } = await setUp();
      // Charged at once, answered too late: the replica waits for the provider when it is stopped.
      const paying = client.post(`/bookings/${id}/checkout`, card('4000000000000416'));
      await until(async () => (await charges(app, id)).length === 1);
      stopped.signal('SIGSTOP');
      const winner = await lose();
      stopped.signal('SIGCONT');
      assert.ok([202, 409].includes((await paying).status));
      await until(async () => (await charges(app, id))[0]!.state === 'voided');
      assert.deepEqual([await statusOf(id), await ownerOf(eventId)], ['expired', [winner]]);
      await assertAuditClean(app);
    });
  });

  test('a client that cannot open WebSockets is told so, by every replica', async () => {
    for (const { url } of [...cluster.replicas, cluster]) {
      const answer = await fetch(`${url}/socket.io/?EIO=4&transport=polling`);
      assert.deepEqual(
        [answer.status, (await answer.json()) as Json],
        [403, { code: 4, message: 'websocket_only' }],
      );
    }
  });
});
