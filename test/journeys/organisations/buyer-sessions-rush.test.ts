import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { done } from '../../support/access-world.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Client, Json } from '../../support/client.js';
import { openSale, plainHall } from '../../support/halls.js';
import { describeWith } from '../../support/needing.js';
import { note } from '../../support/note.js';
import { RedisServer } from '../../support/redis.js';
import { openShop, SHOP_ORIGIN } from '../../support/shops.js';
import { until } from '../../support/until.js';

const HERE = { origin: SHOP_ORIGIN };
const REPLICAS_AGREE_MS = 1_000;

type Made = { id: string; token: string; customerId: string };

const makeSession = (shop: Client, eventId: string, reference: string): Promise<Made> =>
  done(shop.post(`/events/${eventId}/buyer-sessions`, { origin: SHOP_ORIGIN, customer: { reference } }));

/** Buyers who hold and release all the time, on one replica, and when each request that succeeded or was refused began. */
class Rush {
  readonly allowed: number[] = [];
  readonly refused: number[] = [];
  private running = true;
  private readonly buyers: Promise<void>[];

  constructor(buyers: readonly Client[], eventId: string) {
    this.buyers = buyers.map((buyer, n) => this.buy(buyer, eventId, n));
  }

  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.buyers);
  }

  private async buy(buyer: Client, eventId: string, n: number): Promise<void> {
    while (this.running) {
      const begun = Date.now();
      const { status, body } = await buyer.post(`/events/${eventId}/holds`, { seats: [n] }, HERE);
      if (status === 201) {
        this.allowed.push(begun);
        await buyer.delete(`/bookings/${body.id}`, undefined, HERE);
      }
      if (status === 401) {
        assert.equal(body.code, 'token_revoked');
        this.refused.push(begun);
        await sleep(5);
      }
    }
  }
}

/** The key, or each session, ends while its customers buy on two replicas. */
async function endedInARush(settings: Json): Promise<void> {
  const app = await startApp({ limits: { on: false }, ...settings });
  const other = await startApp({ limits: { on: false }, ...settings, database: app.config.database });
  try {
    const { eventId, organizer } = await openSale(app, plainHall(2, 20));
    for (const what of ['key', 'sessions'] as const) {
      const shop = await openShop(app, organizer);
      await until(async () => (await other.client(shop.key).get('/customers')).status === 200);
      const made = await Promise.all(
        Array.from({ length: 16 }, (_, n) => makeSession(shop.client, eventId, `${what} ${n}`)),
      );
      const rushes = [app, other].map(
        (replica, at) =>
          new Rush(
            made.filter((_, n) => n % 2 === at).map(({ token }) => replica.client(token)),
            eventId,
          ),
      );
      try {
        await until(() => rushes.every(({ allowed }) => allowed.length > 8), 90_000);
        if (what === 'key')
          await done(organizer.client.delete(`/organisations/${organizer.id}/keys/${shop.id}`));
        else await Promise.all(made.map(({ id }) => done(shop.client.delete(`/buyer-sessions/${id}`))));
        const at = Date.now();
        await until(() => rushes.every(({ refused }) => refused.length > 20), 90_000);
        const lags = rushes.map(({ allowed }) => Math.max(0, allowed.at(-1)! - at));
        note(`${what}: holds that began ${lags} ms after the end were the last to succeed`);
        assert.ok(Math.max(...lags) <= REPLICAS_AGREE_MS, `${lags}`);
      } finally {
        await Promise.all(rushes.map((rush) => rush.stop()));
      }
    }
    await assertAuditClean(app);
  } finally {
    await other.close();
    await app.close();
  }
}

describe('buyer sessions that end in the middle of a rush', () => {
  test('hold nothing any more, on two replicas without Redis', () => endedInARush({}));
});

describeWith('redis-server')('buyer sessions that end in the middle of a rush, with Redis', () => {
  test('hold nothing any more, on two replicas', async () => {
    const redis = await RedisServer.start();
    try {
      await endedInARush({ redis: redis.patient });
    } finally {
      await redis.stop();
    }
  });
});

describe('many sessions of one customer', () => {
  test('are one buyer: made at once on two replicas, they hold no more than one buyer may', async () => {
    const app = await startApp({ limits: { on: false } });
    const other = await startApp({ limits: { on: false }, database: app.config.database });
    try {
      const { eventId, organizer } = await openSale(app, plainHall(10, 20), { maxSeatsPerBuyer: 6 });
      const shop = await openShop(app, organizer);
      await until(async () => (await other.client(shop.key).get('/customers')).status === 200);
      const made = await Promise.all(
        Array.from({ length: 40 }, (_, n) =>
          makeSession([app, other][n % 2]!.client(shop.key), eventId, 'one and the same'),
        ),
      );
      assert.equal(new Set(made.map(({ customerId }) => customerId)).size, 1);
      const answers = await Promise.all(
        made.flatMap(({ token }, n) =>
          [0, 1].map((at) =>
            [app, other]
              [at]!.client(token)
              .post(`/events/${eventId}/holds`, { seats: [n * 4 + at * 2, n * 4 + at * 2 + 1] }, HERE),
          ),
        ),
      );
      const codes = Map.groupBy(answers, ({ status, body }) =>
        body.code === undefined || status === 201 ? status : body.code,
      );
      note(JSON.stringify([...codes].map(([code, some]) => [code, some.length])));
      assert.deepEqual([...codes.keys()].sort(), [201, 'buyer_limit_reached']);
      const { rows } = await app.db.query(
        `SELECT (SELECT count(*)::int FROM app_user WHERE kind = 'customer') AS customers,
                (SELECT count(*)::int FROM session WHERE user_id = $1 AND event_id = $2) AS sessions,
                (SELECT count(*)::int FROM booking_item i JOIN booking b ON b.id = i.booking_id AND b.event_id = i.event_id
                  WHERE b.user_id = $1 AND i.status = 'held') AS seats`,
        [made[0]!.customerId, eventId],
      );
      assert.deepEqual(rows, [{ customers: 1, sessions: 40, seats: 6 }]);
      await assertAuditClean(app);
    } finally {
      await other.close();
      await app.close();
    }
  });
});

describe('sockets of buyer sessions', () => {
  let app: TestApp;
  let eventId: string;
  let otherEvent: string;
  let shop: Awaited<ReturnType<typeof openShop>>;
  const open: Socket[] = [];
  beforeAll(async () => {
    app = await startApp();
    const sale = await openSale(app, plainHall(1, 10));
    eventId = sale.eventId;
    shop = await openShop(app, sale.organizer);
    const { id: _, status: __, ...copy } = sale.event;
    const { client } = sale.organizer;
    const draft = await done(
      client.post('/events', {
        venueId: copy.venue?.id ?? sale.venueId,
        planId: copy.planId,
        title: 'Second night',
        category: 'sport',
        startsAt: copy.startsAt,
        endsAt: copy.endsAt,
        currency: 'EUR',
        priceTiers: [{ name: 'All', price: 2000, category: 'C0' }],
      }),
    );
    await done(client.post(`/events/${draft.id}/publish`));
    otherEvent = draft.id;
  });
  afterAll(async () => {
    for (const socket of open) socket.close();
    await app.close();
  });

  function connect(auth: object, origin?: string) {
    const socket = io(`${app.url}/live`, {
      transports: ['websocket'],
      auth,
      forceNew: true,
      reconnection: false,
      ...(origin !== undefined && { extraHeaders: { origin } }),
    });
    open.push(socket);
    const heard: [string, Json][] = [];
    socket.onAny((name: string, payload: Json) => heard.push([name, payload]));
    const told: { refused?: string; opened?: true } = {};
    socket.once('connect_error', ({ message }) => {
      told.refused = message;
    });
    socket.once('connect', () => {
      told.opened = true;
    });
    const settled = () => until(() => told.refused !== undefined || told.opened === true);
    const opened = async () => {
      await settled();
      assert.deepEqual(told, { opened: true });
    };
    const refusal = async () => {
      await settled();
      return told.refused;
    };
    const ask = (message: string, payload: Json): Promise<Json> =>
      socket.timeout(5_000).emitWithAck(message, payload);
    return { socket, heard, refusal, opened, ask };
  }

  test('are opened from pages of their origin alone', async () => {
    const { token } = await makeSession(shop.client, eventId, 'origin');
    const evil = 'https://evil.example.org';
    assert.equal(await connect({ token }, evil).refusal(), 'origin_not_allowed');
    const anonymous = connect({}, evil);
    await anonymous.opened();
    assert.equal((await anonymous.ask('authenticate', { token })).error.code, 'origin_not_allowed');
    assert.equal((await anonymous.ask('watch', { eventId })).ok, true, 'the public feed is open');
    const own = connect({}, SHOP_ORIGIN);
    await own.opened();
    assert.deepEqual(await own.ask('authenticate', { token }), { ok: true });
    await connect({ token }, SHOP_ORIGIN).opened();
  });

  test('tell of the seats of the event and of its own holds there, and of nothing else', async () => {
    const [here, there] = await Promise.all(
      [eventId, otherEvent].map((id) => makeSession(shop.client, id, 'two nights')),
    );
    const socket = connect({ token: here!.token }, SHOP_ORIGIN);
    const neighbour = connect({ token: there!.token }, SHOP_ORIGIN);
    await Promise.all([socket.opened(), neighbour.opened()]);
    assert.equal((await socket.ask('watch', { eventId })).ok, true);
    assert.equal(
      (await socket.ask('watch', { eventId: otherEvent })).error.code,
      'buyer_session_not_allowed',
    );
    assert.equal((await socket.ask('watch.sales', { eventId })).error.code, 'buyer_session_not_allowed');
    const held = await done(app.client(here!.token).post(`/events/${eventId}/holds`, { seats: [3] }, HERE));
    const apart = await done(
      app.client(there!.token).post(`/events/${otherEvent}/holds`, { seats: [4] }, HERE),
    );
    const bookings = ({ heard }: typeof socket) =>
      heard.filter(([name]) => name === 'booking.changed').map(([, { id }]) => id);
    await until(() => bookings(socket).length > 0 && bookings(neighbour).length > 0);
    await until(() => socket.heard.some(([name]) => name === 'seats.changed'));
    await app.client(here!.token).delete(`/bookings/${held.id}`, undefined, HERE);
    await until(() => bookings(socket).length > 1);
    assert.deepEqual(
      [new Set(bookings(socket)), new Set(bookings(neighbour))],
      [new Set([held.id]), new Set([apart.id])],
    );
  });

  test('end with the session', async () => {
    const made = await makeSession(shop.client, eventId, 'socket that ends');
    const socket = connect({ token: made.token }, SHOP_ORIGIN);
    await socket.opened();
    await done(shop.client.delete(`/buyer-sessions/${made.id}`));
    await until(() => !socket.socket.connected);
    assert.deepEqual(socket.heard.at(-1), ['session.ended', { code: 'token_revoked' }]);
  });
});
