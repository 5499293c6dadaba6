import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { createSigner } from 'fast-jwt';
import { io, type Socket } from 'socket.io-client';
import { InventoryService } from '../../../src/inventory/changes/inventory.service.js';
import { InventoryMemoryService } from '../../../src/inventory/memory/inventory-memory.service.js';
import type { LiveNamespace } from '../../../src/live/live.messages.js';
import { LiveConnectionsService } from '../../../src/live/live-connections.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Json } from '../../support/client.js';
import { assertExact } from '../../support/exact.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import type { Person } from '../../support/people.js';
import { SeatWatcher, type WatcherOptions } from '../../support/seat-watcher.js';

const UNKNOWN = '019ab0c0-0000-7000-8000-000000000003';
const AREA = 'Standing';
/** Texts that PostgreSQL refuses or gives back as another one. */
const BROKEN = ['\0', 'a\ud800', '\udc00\ud800'];

describe('the live feed', () => {
  let app: TestApp;
  let sale: Sale;
  const open: { close(): unknown }[] = [];

  beforeAll(async () => {
    app = await startApp();
    sale = await openSale(app, plainHall(20, 30, [{ name: AREA, capacity: 100 }]));
  });
  afterAll(async () => {
    for (const socket of open) socket.close();
    await app.close();
  });

  const watcher = (options: WatcherOptions = {}, eventId = sale.eventId) => {
    const made = new SeatWatcher(app.url, eventId, options);
    open.push(made);
    return made;
  };
  const connect = (auth: object = {}, url = app.url): Socket => {
    const socket = io(`${url}/live`, {
      transports: ['websocket'],
      auth,
      forceNew: true,
      reconnection: false,
    });
    open.push(socket);
    return socket;
  };
  const ask = (socket: Socket, message: string, ...payload: unknown[]): Promise<Json> =>
    socket.timeout(5_000).emitWithAck(message, ...payload);
  const seqOf = async (eventId = sale.eventId): Promise<number> =>
    Number((await app.db.query('SELECT seq FROM inventory WHERE event_id = $1', [eventId])).rows[0].seq);

  /** Buyers who hold seats and places and let go of some, while the organizer blocks and unblocks. */
  async function churn(people: Person[], rounds: number): Promise<void> {
    const path = `/events/${sale.eventId}`;
    const any = () => Math.floor(Math.random() * 600);
    const buy = async ({ client }: Person) => {
      const held: string[] = [];
      for (let i = 0; i < rounds; i++) {
        const wanted = Math.random() < 0.2 ? { areas: [{ area: AREA, quantity: 2 }] } : { seats: [any()] };
        const { status, body } = await client.post(`${path}/holds`, wanted);
        assert.ok(status === 201 || status === 409, JSON.stringify(body));
        if (status === 201) held.push(body.id);
        if (held.length > 3) assert.equal((await client.delete(`/bookings/${held.shift()}`)).status, 204);
      }
    };
    const block = async () => {
      for (let i = 0; i < rounds; i++) {
        const verb = i % 2 ? 'unblock' : 'block';
        await sale.organizer.client.post(`${path}/seats/${verb}`, { seats: [any()] });
      }
    };
    await Promise.all([...people.map(buy), block()]);
  }

  test('watchers are exact: quick ones, one by polling, one that loses frames, one that goes away for a while', async () => {
    const people = await app.people(6);
    const quick = await Promise.all([watcher(), watcher({ token: people[0]!.token })].map((w) => w.ready()));
    const polling = await watcher({ transports: ['polling'] }).ready();
    const lossy = await watcher({ loss: 0.3 }).ready();
    const away = await watcher().ready();
    const work = churn(people, 40);
    await sleep(150);
    away.socket.disconnect();
    await churn(people.slice(0, 2), 10);
    away.socket.connect();
    await work;
    // One more frame, so that the lossy one learns of a gap at the end.
    lossy.options.loss = 0;
    await churn(people.slice(0, 1), 5);
    for (const who of [...quick, polling, lossy, away]) await assertExact(app.db, who);
    assert.ok(lossy.seen.lost > 0 && lossy.seen.gaps > 0, JSON.stringify(lossy.seen));
    assert.deepEqual([lossy.seen.snapshots, away.seen.snapshots, away.seen.connects], [1, 1, 2]);
    assert.ok(away.seen.changes >= 1, 'it came back with since and epoch');
    assert.equal(quick[0]!.seen.gaps + quick[1]!.seen.gaps, 0);
    assert.ok(quick[0]!.seen.frames < quick[0]!.seq, 'frames are coalesced');
    await assertAuditClean(app);
  });

  test('watch answers with the state, with changes, or with the state when those are gone', async () => {
    const socket = connect();
    const { eventId } = sale;
    const { snapshot } = await ask(socket, 'watch', { eventId });
    const http = await app.client().get(`/events/${eventId}/seats`);
    assert.deepEqual(snapshot, http.body);
    const { seq, epoch } = snapshot;
    const { changes } = await ask(socket, 'watch', { eventId, since: seq - 3, epoch });
    assert.deepEqual(
      changes,
      (await app.client().get(`/events/${eventId}/seats/changes?since=${seq - 3}`)).body,
    );
    for (const gone of [
      { since: seq + 1, epoch },
      { since: seq, epoch: 'another' },
    ])
      assert.equal((await ask(socket, 'watch', { eventId, ...gone })).snapshot?.seq, seq);
    assert.deepEqual(await ask(socket, 'unwatch', { eventId }), { ok: true });
    let frames = 0;
    socket.on('seats.changed', () => frames++);
    const [buyer] = await app.people(1);
    const other = await watcher().ready();
    await buyer.client.post(`/events/${eventId}/holds`, { areas: [{ area: AREA, quantity: 1 }] });
    await other.reaches(seq + 1);
    assert.equal(frames, 0, 'nothing comes after unwatch');
  });

  test('bad messages get a problem and change nothing', async () => {
    const socket = connect();
    const cases: [string, unknown[], string][] = [
      ['watch', [{ eventId: UNKNOWN }], 'not_found'],
      ['watch', [{}], 'missing_field'],
      ['watch', [], 'missing_field'],
      ['watch', [null], 'wrong_type'],
      ['watch', ['x'], 'wrong_type'],
      ['watch', [{ eventId: 'x' }, 'more'], 'wrong_type'],
      ['watch', [{ eventId: 'x' }], 'validation_failed'],
      ['watch', [{ eventId: sale.eventId, since: -1 }], 'validation_failed'],
      ['watch', [{ eventId: sale.eventId, since: '1' }], 'wrong_type'],
      ['watch', [{ eventId: sale.eventId, more: 1 }], 'unknown_field'],
      ['unwatch', [{ eventId: 7 }], 'wrong_type'],
      ['authenticate', [{ token: 'abc' }], 'token_invalid'],
    ];
    for (const text of BROKEN) {
      cases.push(
        ['watch', [{ eventId: text }], 'validation_failed'],
        ['watch', [{ eventId: sale.eventId, epoch: text }], 'validation_failed'],
        ['watch', [{ eventId: sale.eventId, [text]: 1 }], 'validation_failed'],
        ['unwatch', [{ eventId: text }], 'validation_failed'],
        ['watch.sales', [{ eventId: text }], 'validation_failed'],
        ['authenticate', [{ token: text }], 'validation_failed'],
      );
      socket.emit(text, { eventId: text });
    }
    for (const [message, payload, code] of cases)
      assert.equal(
        (await ask(socket, message, ...payload)).error?.code,
        code,
        `${message} ${JSON.stringify(payload)}`,
      );
    socket.emit('watch', { eventId: 'no acknowledgement asked for' });
    socket.emit('unknown', 1);
    assert.deepEqual(await ask(socket, 'unwatch', { eventId: UNKNOWN }), { ok: true });

    const answers = await Promise.all(
      Array.from({ length: 100 }, () => ask(socket, 'unwatch', { eventId: UNKNOWN })),
    );
    assert.ok(answers.some(({ ok }) => ok));
    assert.ok(answers.some(({ error }) => error?.code === 'rate_limited'));

    const big = connect();
    await next(big, 'connect');
    big.emit('watch', { eventId: 'x'.repeat(20_000) });
    const [reason] = await next(big, 'disconnect');
    assert.match(reason, /transport/);
  });

  test('a socket watches 20 events at most', async () => {
    const { client } = sale.organizer;
    const ids = await Promise.all(
      Array.from({ length: 21 }, async () => {
        const { id, status, version, ...event } = sale.event;
        assert.equal(status, 'published');
        assert.ok(version);
        const draft = await client.post('/events', {
          venueId: event.venueId,
          planId: event.planId,
          title: 'One of many',
          category: 'sport',
          startsAt: event.startsAt,
          endsAt: event.endsAt,
          currency: 'EUR',
          priceTiers: [{ name: 'C0', price: 100, category: 'C0' }],
        });
        assert.equal((await client.post(`/events/${draft.body.id}/publish`)).status, 200);
        assert.notEqual(draft.body.id, id);
        return draft.body.id as string;
      }),
    );
    const socket = connect();
    const answers = [];
    for (const eventId of ids) answers.push(await ask(socket, 'watch', { eventId }));
    assert.ok(answers.slice(0, 20).every(({ ok }) => ok));
    assert.equal(answers[20].error.code, 'too_many_watched');
    await ask(socket, 'unwatch', { eventId: ids[0] });
    assert.equal((await ask(socket, 'watch', { eventId: ids[20] })).ok, true);
  });

  test('tokens: bad ones are refused, bookings are told to their buyer only', async () => {
    for (const [token, code] of [
      ['abc', 'token_invalid'],
      ['', 'token_invalid'],
      [shortLived(app, sale.organizer, -10), 'token_expired'],
    ]) {
      const [error] = await next(connect({ token }), 'connect_error');
      assert.deepEqual([error.message, error.data.code, error.data.status], [code, code, 401]);
    }
    const [buyer, other] = await app.people(2);
    const [mine, theirs, nobodys] = [
      connect({ token: buyer.token }),
      connect({ token: other.token }),
      connect(),
    ];
    const told: Json[] = [];
    const leaked: Json[] = [];
    mine.on('booking.changed', (booking) => told.push(booking));
    theirs.on('booking.changed', (booking) => leaked.push(booking));
    nobodys.on('booking.changed', (booking) => leaked.push(booking));
    await Promise.all([mine, theirs, nobodys].map((socket) => next(socket, 'connect')));
    const { body: booking } = await buyer.client.post(`/events/${sale.eventId}/holds`, {
      best: { quantity: 2 },
    });
    await untilTrue(() => told.length === 1);
    assert.deepEqual(told[0], {
      id: booking.id,
      eventId: sale.eventId,
      code: booking.code,
      status: 'held',
      expiresAt: booking.expiresAt,
    });
    await buyer.client.delete(`/bookings/${booking.id}`);
    await untilTrue(() => told.length === 2);
    assert.deepEqual([told[1].status, told[1].expiresAt], ['released', null]);
    assert.deepEqual(leaked, []);
  });

  test('an expired token leaves the public feed; a new one brings back the rest; logging out ends it', async () => {
    const [buyer] = await app.people(1);
    const witness = connect({ token: buyer.token });
    const socket = connect({ token: shortLived(app, buyer, 4) });
    const told: string[] = [];
    const seen: string[] = [];
    const ended: Json[] = [];
    let frames = 0;
    witness.on('booking.changed', ({ id }) => seen.push(id));
    socket.on('booking.changed', ({ id }) => told.push(id));
    socket.on('session.ended', (message) => ended.push(message));
    socket.on('seats.changed', () => frames++);
    assert.equal((await ask(socket, 'watch', { eventId: sale.eventId })).ok, true);
    await untilTrue(() => ended.length === 1);
    assert.deepEqual(ended, [{ code: 'token_expired' }]);
    const hold = async (): Promise<string> =>
      (await buyer.client.post(`/events/${sale.eventId}/holds`, { best: { quantity: 1 } })).body.id;
    const first = await hold();
    await untilTrue(() => seen.includes(first) && frames > 0);
    assert.deepEqual(await ask(socket, 'authenticate', { token: buyer.token }), { ok: true });
    const second = await hold();
    await untilTrue(() => told.includes(second));
    assert.deepEqual(told, [second], 'not those of while nobody was behind the socket');
    const gone = next(socket, 'disconnect');
    assert.ok((await buyer.client.post('/auth/logout')).status < 300);
    assert.equal((await gone)[0], 'io server disconnect');
    assert.deepEqual(ended.at(-1), { code: 'token_revoked' });
  });

  test('a socket that stops reading is not buffered for, and is exact once it reads again', async () => {
    const hall = await openSale(app, plainHall(200, 100));
    const healthy = await watcher({}, hall.eventId).ready();
    const slow = await watcher({}, hall.eventId).ready();
    const { ws } = (slow.socket.io.engine as Json).transport;
    ws.pause();
    const namespace: LiveNamespace = app.nest.get<Json>(LiveConnectionsService).namespace;
    const { conn } = namespace.sockets.get(slow.socket.id!) as Json;
    const all = Array.from({ length: 20_000 }, (_, n) => n);
    let most = 0;
    for (let round = 0; round < 60; round++) {
      await app.nest.get(InventoryService).block(hall.eventId, all, round % 2 === 0, hall.organizer.id, null);
      await sleep(60);
      const queued = conn.writeBuffer.reduce((sum: number, { data }: Json) => sum + (data?.length ?? 0), 0);
      most = Math.max(most, queued + conn.transport.socket.bufferedAmount);
    }
    assert.ok(most > 0, 'the network was full');
    assert.ok(most < 1_000_000, `at most ${most} bytes waited, of 12 MB sent`);
    await assertExact(app.db, healthy);
    assert.ok(slow.seq < healthy.seq);
    ws.resume();
    await assertExact(app.db, slow);
    assert.equal(slow.seen.connects, 1);
    assert.ok(slow.seen.frames < healthy.seen.frames, 'it was sent what it missed in one');
    await app.nest.get(InventoryService).block(hall.eventId, [1, 2], true, hall.organizer.id, null);
    await assertExact(app.db, slow);
  });

  test('more changes than a poll can carry are caught up by one frame from the feed', async () => {
    const who = await watcher().ready();
    await app.db.query(
      `DO $$ BEGIN FOR i IN 1..700 LOOP
         PERFORM seats_block_v1('${sale.eventId}', 9007199254740991, ARRAY[599], i % 2 = 1, NULL, NULL);
       END LOOP; END $$`,
    );
    await assertExact(app.db, who);
    assert.deepEqual([who.seen.resets, who.seen.snapshots, who.seen.gaps], [0, 1, 0]);
  });

  test('whoever watches learns of a sale that begins at another time, and of one that is called off', async () => {
    const hall = await openSale(app, plainHall(1, 4));
    const watching = await watcher({}, hall.eventId).ready();
    const { client } = hall.organizer;
    const versions: number[] = [];
    watching.socket.on('seats.changed', ({ priceVersion }: Json) => versions.push(priceVersion));
    const change = async (body: Json) => {
      const { headers } = await client.get(`/events/${hall.eventId}`);
      const { status } = await client.patch(`/events/${hall.eventId}`, body, { 'if-match': headers.etag! });
      assert.equal(status, 200);
    };
    const before = await seqOf(hall.eventId);
    await change({ description: 'Nothing of the sale' });
    assert.equal(await seqOf(hall.eventId), before);
    await change({ saleEndsAt: new Date(Date.now() + 3_600_000).toISOString() });
    await untilTrue(() => new Set(versions).size === 1);
    const { status } = await client.post(`/events/${hall.eventId}/cancel`, { reason: 'Rain' });
    assert.equal(status, 200);
    await untilTrue(() => new Set(versions).size === 2);
    await assertExact(app.db, watching);
  });

  test('300 sockets follow one event', async () => {
    const crowd = await Promise.all(Array.from({ length: 300 }, () => watcher().ready()));
    await churn(await app.people(4), 15);
    for (const who of crowd) await who.reaches(await seqOf());
    await assertExact(app.db, crowd[0]!);
    for (const who of crowd) assert.deepEqual(who.states, crowd[0]!.states);
    for (const who of crowd) who.close();
  });

  test('a restored database is another epoch: everybody begins anew', async () => {
    const who = await watcher().ready();
    const { seq, epoch } = who;
    await app.db.query(
      `CREATE OR REPLACE FUNCTION feed_epoch_v1() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'restored' $$`,
    );
    await untilTrue(() => who.epoch === 'restored');
    assert.deepEqual([who.seen.resets, who.seen.snapshots], [1, 2]);
    const gone = await app.client().get(`/events/${sale.eventId}/seats/changes?since=${seq}&epoch=${epoch}`);
    assert.equal(gone.status, 410);
    await churn(await app.people(1), 5);
    await assertExact(app.db, who);
  });

  test('events that are watched stay in memory, however many others are read', async () => {
    const who = await watcher().ready();
    const memory: Json = app.nest.get(InventoryMemoryService);
    memory.events.clear();
    await churn(await app.people(1), 5);
    await assertExact(app.db, who);
    assert.equal(who.seen.resets, 0);
  });

  test('one address has only so many sockets', async () => {
    const limited = await startApp({
      database: app.config.database,
      limits: { on: true },
      live: { socketsPerAddress: 2 },
    });
    const sockets = [connect({}, limited.url), connect({}, limited.url)];
    await Promise.all(sockets.map((socket) => next(socket, 'connect')));
    await next(connect({}, limited.url), 'connect_error');
    sockets[0]!.close();
    await untilTrue(async () => {
      const socket = connect({}, limited.url);
      return Promise.race([
        next(socket, 'connect').then(() => true),
        next(socket, 'connect_error').then(() => false),
      ]);
    });
    const closing = next(sockets[1]!, 'server.closing');
    const ended = next(sockets[1]!, 'disconnect');
    await limited.close();
    assert.deepEqual(await closing, [{ code: 'shutting_down' }]);
    assert.equal((await ended)[0], 'transport close', 'a client reconnects by itself after that');
  });
});

/** The arguments of the next message of that name. */
const next = (socket: Socket, message: string): Promise<Json[]> =>
  new Promise((resolve) => socket.once(message, (...args: Json[]) => resolve(args)));

/** A token of an account that lives for some seconds. */
const shortLived = ({ config }: TestApp, { id, sessionId }: Person, seconds: number): string =>
  createSigner({ key: config.auth.jwtSecret, algorithm: 'HS256', iss: 'evently', aud: 'evently-api' })({
    sub: id,
    role: 'user',
    sid: sessionId,
    exp: Math.floor(Date.now() / 1000) + seconds,
  });

async function untilTrue(check: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await check())) {
    assert.ok(Date.now() < end, 'did not become true in time');
    await sleep(20);
  }
}
