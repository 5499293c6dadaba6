import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { io } from 'socket.io-client';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Client, Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { lapse } from '../../support/lapse.js';
import { card } from '../../support/money.js';
import type { Person } from '../../support/people.js';
import { until } from '../../support/until.js';

describe('the waitlist', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(async () => {
    await assertAuditClean(app);
    await app.close();
  });

  /** A sold-out row of ten seats and an area of four places: [seller, ...people], and a hold for each seat and place. */
  async function soldOut(
    people: number,
  ): Promise<Sale & { holds: Json[]; seller: Person; people: Person[] }> {
    const sale = await openSale(app, plainHall(1, 10, [{ name: 'Floor', capacity: 4 }]));
    const [seller, ...others] = (await app.people(people + 1)) as [Person, ...Person[]];
    const wishes = [
      ...Array.from({ length: 10 }, (_, n) => ({ seats: [n] })),
      ...Array.from({ length: 4 }, () => ({ areas: [{ area: 'Floor', quantity: 1 }] })),
    ];
    const holds: Json[] = [];
    for (const wish of wishes)
      holds.push((await seller.client.post(`/events/${sale.eventId}/holds`, wish)).body);
    return { ...sale, holds, seller, people: others };
  }

  const join = (client: Client, eventId: string, wish: Json, headers?: Record<string, string>) =>
    client.post(`/events/${eventId}/waitlist`, wish, headers);
  const offered = async (client: Client, id: string): Promise<Json> => {
    await until(async () => (await client.get(`/waitlist/${id}`)).body.state === 'offered');
    return (await client.get(`/waitlist/${id}`)).body;
  };
  test('offers a freed seat to who came first; accepted it is paid like any other, declined it goes on', async () => {
    const { eventId, holds, seller, people } = await soldOut(3);
    const [first, second, stranger] = people as [Person, Person, Person];
    const one = await join(first.client, eventId, { quantity: 1 });
    assert.equal(one.status, 201, JSON.stringify(one.body));
    assert.equal(one.headers.location, `/api/v1/waitlist/${one.body.id}`);
    assert.deepEqual([one.body.state, one.body.position, one.body.odds], ['waiting', 1, null]);
    const two = await join(second.client, eventId, { quantity: 1 });
    assert.equal(two.body.position, 2);

    assert.equal((await seller.client.delete(`/bookings/${holds[3].id}`)).status, 204);
    const taken = await stranger.client.post(`/events/${eventId}/holds`, { seats: [3] });
    assert.equal(taken.body.code, 'seats_taken');
    const { offer } = await offered(first.client, one.body.id);
    assert.equal((await second.client.get(`/waitlist/${two.body.id}`)).body.position, 1);
    const booking = (await first.client.get(`/bookings/${offer.bookingId}`)).body;
    assert.deepEqual(
      [booking.status, booking.items.map((i: Json) => i.seat.n), booking.expiresAt],
      ['held', [3], offer.expiresAt],
    );
    assert.equal((await first.client.post(`/bookings/${booking.id}/extend`)).body.code, 'offer_not_accepted');

    const declined = await first.client.post(`/waitlist/${one.body.id}/decline`);
    assert.deepEqual([declined.status, declined.body.state], [200, 'declined']);
    assert.equal((await first.client.post(`/waitlist/${one.body.id}/decline`)).status, 200);
    assert.equal((await first.client.post(`/waitlist/${one.body.id}/accept`)).body.code, 'not_offered');

    await offered(second.client, two.body.id);
    const accepted = await second.client.post(`/waitlist/${two.body.id}/accept`);
    assert.deepEqual([accepted.status, accepted.body.status], [200, 'held']);
    assert.deepEqual((await second.client.post(`/waitlist/${two.body.id}/accept`)).body, accepted.body);
    const paid = await second.client.post(`/bookings/${accepted.body.id}/checkout`, card());
    assert.deepEqual([paid.status, paid.body.status], [200, 'confirmed']);
    const history = await second.client.get(`/bookings/${accepted.body.id}/history`);
    assert.deepEqual(
      history.body.data
        .map((entry: Json) => entry.type)
        .filter((type: string) => type.startsWith('booking.')),
      ['booking.held', 'booking.accepted', 'booking.paying', 'booking.confirmed'],
    );
    // Who left the line may join again, at its end.
    assert.equal((await join(first.client, eventId, { quantity: 1 })).status, 201);
    const mine = (await first.client.get('/waitlist?limit=1')).body;
    assert.deepEqual([mine.data.length, mine.data[0].state], [1, 'waiting']);
    const rest = (await first.client.get(`/waitlist?cursor=${mine.next}`)).body;
    assert.deepEqual([rest.data[0].id, rest.next], [one.body.id, null]);
  });

  test('says what is offered, not what was wished for', async () => {
    const { eventId } = await openSale(app, plainHall(1, 2));
    const [buyer, waiter] = await app.people(2);
    const [one] = await Promise.all(
      [0, 1].map(async (n) => (await buyer.client.post(`/events/${eventId}/holds`, { seats: [n] })).body),
    );
    const wish = { quantity: 2, minQuantity: 1 };
    const entry = (await waiter.client.post(`/events/${eventId}/waitlist`, wish)).body;
    assert.equal((await buyer.client.delete(`/bookings/${one.id}`)).status, 204);
    const { quantity, offer } = await offered(waiter.client, entry.id);
    const booking = (await waiter.client.get(`/bookings/${offer.bookingId}`)).body;
    assert.deepEqual([quantity, offer.quantity, booking.items.length], [2, 1, 1]);
    const [listed] = (await waiter.client.get('/waitlist')).body.data;
    assert.deepEqual(listed.offer, offer);
  });

  test('passes an offer on when its time is over; paying one accepts it; who leaves declines', async () => {
    const { eventId, holds, seller, people } = await soldOut(3);
    const entries: Json[] = [];
    for (const { client } of people) entries.push((await join(client, eventId, { quantity: 1 })).body);
    await seller.client.delete(`/bookings/${holds[0].id}`);
    const first = await offered(people[0]!.client, entries[0].id);
    await lapse(app.db, eventId, first.offer.bookingId);
    assert.equal((await people[0]!.client.get(`/waitlist/${first.id}`)).body.state, 'expired');
    assert.equal((await people[0]!.client.post(`/waitlist/${first.id}/accept`)).body.code, 'offer_expired');
    await offered(people[1]!.client, entries[1].id);
    assert.equal((await people[1]!.client.delete(`/waitlist/${entries[1].id}`)).status, 204);
    assert.equal((await people[1]!.client.get(`/waitlist/${entries[1].id}`)).body.state, 'declined');
    const third = await offered(people[2]!.client, entries[2].id);
    const paid = await people[2]!.client.post(`/bookings/${third.offer.bookingId}/checkout`, card());
    assert.equal(paid.body.status, 'confirmed');
    assert.equal((await people[2]!.client.get(`/waitlist/${third.id}`)).body.state, 'accepted');
  });

  test('a socket hears of its own bookings, offers and messages, and of nobody else’s, whoever it is', async () => {
    const { eventId, organizer, holds, seller, people } = await soldOut(2);
    const [first, other] = people as [Person, Person];
    const [rival] = await app.people(1, 'organizer');
    const [admin] = await app.people(1, 'admin');
    const [gone] = await app.people(1);
    const tokens = { first, other, seller, organizer, rival, admin };
    const heard: Record<string, [string, Json][]> = {};
    const connect = (name: string, token?: string) => {
      heard[name] = [];
      return io(`${app.url}/live`, {
        auth: token ? { token } : {},
        transports: ['websocket'],
        forceNew: true,
      }).onAny((message: string, payload: Json) => heard[name]!.push([message, payload]));
    };
    const sockets = [
      connect('anonymous'),
      ...Object.entries(tokens).map(([name, { token }]) => connect(name, token)),
    ];
    try {
      await until(() => sockets.every(({ connected }) => connected));
      await gone.client.post('/auth/logout');
      // Asks for the rooms of others by every way in.
      for (const socket of sockets) {
        const ask = (message: string, payload: Json): Promise<Json> =>
          socket.timeout(5_000).emitWithAck(message, payload);
        for (const id of [`user:${first.id}`, first.id, first.sessionId])
          assert.notEqual((await ask('watch', { eventId: id })).ok, true);
        assert.notEqual(
          (await ask('authenticate', { token: gone.token })).ok,
          true,
          'a session that has ended',
        );
        assert.equal((await ask('watch', { eventId })).ok, true);
        socket.emit('join', `user:${first.id}`);
        socket.emit('booking.changed', { id: holds[0].id });
      }
      const entry = (await join(first.client, eventId, { quantity: 1 })).body;
      await join(other.client, eventId, { quantity: 1 });
      await seller.client.delete(`/bookings/${holds[0].id}`);
      const { offer } = await offered(first.client, entry.id);
      await first.client.post(`/waitlist/${entry.id}/accept`);
      assert.equal((await first.client.post(`/bookings/${offer.bookingId}/checkout`, card())).status, 200);
      const told = (name: string) =>
        heard[name]!.filter(([message]) => message !== 'seats.changed' && message !== 'rights.changed');
      const kinds = (name: string) => new Set(told(name).map(([message]) => message));
      await until(
        () => kinds('first').size === 3 && told('first').some(([, { status }]) => status === 'confirmed'),
      );
      assert.deepEqual([...kinds('first')].sort(), ['booking.changed', 'notification', 'waitlist.offer']);
      assert.deepEqual(told('first').find(([message]) => message === 'waitlist.offer')![1], {
        entryId: entry.id,
        eventId,
        quantity: 1,
        ...offer,
      });
      assert.deepEqual([...kinds('seller')], ['booking.changed']);
      assert.ok(
        told('seller').every(([, { id }]) => holds.some((hold: Json) => hold.id === id)),
        'only the seller’s own',
      );
      for (const name of ['anonymous', 'other', 'organizer', 'rival', 'admin']) {
        assert.deepEqual(told(name), [], name);
        assert.ok(heard[name]!.length > 0, `${name} hears of the seats`);
        assert.doesNotMatch(
          JSON.stringify(heard[name]),
          new RegExp(`${first.id}|${offer.bookingId}|${first.email}`),
        );
      }
    } finally {
      for (const socket of sockets) socket.disconnect();
    }
  });

  test('knows groups: as many as there are, together when asked, categories, prices and areas', async () => {
    const { eventId, holds, seller, people } = await soldOut(4);
    const [pair, three, floor, cheap] = people as [Person, Person, Person, Person];
    const together = (await join(pair.client, eventId, { quantity: 2, together: true, categories: ['C0'] }))
      .body;
    const some = (await join(three.client, eventId, { quantity: 3, minQuantity: 1, areas: ['Floor'] })).body;
    const places = (await join(floor.client, eventId, { quantity: 2, areas: ['Floor'] })).body;
    const low = (await join(cheap.client, eventId, { quantity: 1, maxPrice: 1500, categories: ['C0'] })).body;
    assert.deepEqual([together.areas, some.categories, low.maxPrice], [[], [], 1500]);

    const release = (...which: number[]) =>
      Promise.all(which.map((index) => seller.client.delete(`/bookings/${holds[index].id}`)));
    await release(2, 10, 11);
    const forThree = await offered(three.client, some.id);
    const got = (await three.client.get(`/bookings/${forThree.offer.bookingId}`)).body;
    assert.ok(got.items.length >= 1 && got.items.every((item: Json) => item.area === 'Floor'));
    assert.equal((await pair.client.get(`/waitlist/${together.id}`)).body.state, 'waiting');
    await release(3);
    const forPair = await offered(pair.client, together.id);
    const seats = (await pair.client.get(`/bookings/${forPair.offer.bookingId}`)).body.items;
    assert.deepEqual(seats.map((item: Json) => item.seat.n).sort(), [2, 3]);
    await release(12, 13);
    await offered(floor.client, places.id);
    assert.equal((await cheap.client.get(`/waitlist/${low.id}`)).body.state, 'waiting');

    const organizer = (await app.people(1, 'organizer'))[0];
    assert.equal((await organizer.client.get(`/events/${eventId}/waitlist`)).status, 404);
    assert.equal((await pair.client.get(`/events/${eventId}/waitlist`)).status, 403);
  });

  test('shows the organizer what people wait for', async () => {
    const { eventId, organizer, people } = await soldOut(2);
    await join(people[0]!.client, eventId, { quantity: 2, categories: ['C0'] });
    const left = (await join(people[1]!.client, eventId, { quantity: 1 })).body;
    await people[1]!.client.delete(`/waitlist/${left.id}`);
    assert.deepEqual((await organizer.client.get(`/events/${eventId}/waitlist`)).body, {
      states: { waiting: 1, offered: 0, accepted: 0, declined: 0, expired: 0, left: 1, closed: 0 },
      seatsWanted: 2,
      byQuantity: [{ quantity: 2, entries: 1 }],
      byCategory: [{ category: 'C0', entries: 1 }],
    });
  });

  test('refuses what makes no sense, by name', async () => {
    const { eventId, holds, seller, people } = await soldOut(2);
    const [first, other] = people as [Person, Person];
    const codes = async (wish: Json) => {
      const { status, body } = await join(first.client, eventId, wish);
      return [status, body.code];
    };
    assert.deepEqual(await codes({ quantity: 11 }), [422, 'wish_impossible']);
    assert.deepEqual(await codes({ quantity: 1, accessible: true }), [422, 'wish_impossible']);
    assert.deepEqual(await codes({ quantity: 5, areas: ['Floor'] }), [422, 'wish_impossible']);
    assert.deepEqual(await codes({ quantity: 1, categories: ['Box'] }), [422, 'unknown_category']);
    assert.deepEqual(await codes({ quantity: 1, areas: ['Roof'] }), [422, 'unknown_area']);
    assert.equal((await codes({ quantity: 1, minQuantity: 2 }))[0], 422);
    assert.equal((await join(app.client(), eventId, { quantity: 1 })).status, 401);
    assert.equal((await join(first.client, holds[0].id, { quantity: 1 })).status, 404);

    const key = { 'idempotency-key': 'line-1' };
    const made = await join(first.client, eventId, { quantity: 1 }, key);
    const again = await join(first.client, eventId, { quantity: 1 }, key);
    assert.deepEqual(
      [again.status, again.headers['idempotency-replayed'], again.body],
      [201, 'true', made.body],
    );
    assert.equal(
      (await join(first.client, eventId, { quantity: 2 }, key)).body.code,
      'idempotency_key_reused',
    );
    assert.deepEqual(await codes({ quantity: 1 }), [409, 'already_waiting']);
    assert.equal((await other.client.get(`/waitlist/${made.body.id}`)).status, 404);
    assert.equal((await other.client.delete(`/waitlist/${made.body.id}`)).status, 404);
    assert.equal((await other.client.post(`/waitlist/${made.body.id}/accept`)).status, 404);
    assert.equal((await first.client.post(`/waitlist/${made.body.id}/accept`)).body.code, 'not_offered');
    assert.equal((await first.client.delete(`/waitlist/${made.body.id}`)).status, 204);
    assert.equal((await first.client.delete(`/waitlist/${made.body.id}`)).status, 204);

    await seller.client.delete(`/bookings/${holds[0].id}`);
    assert.deepEqual(await codes({ quantity: 2, minQuantity: 1 }), [409, 'seats_available']);
    assert.deepEqual(
      (await join(first.client, eventId, { quantity: 1 }, key)).status,
      201,
      'the key answers as before',
    );
  });

  test('keeps what the buyer’s limit allows, and lets the others go first', async () => {
    const { eventId, holds, seller, people, organizer } = await soldOut(2);
    const [greedy, next] = people as [Person, Person];
    await seller.client.delete(`/bookings/${holds[0].id}`);
    await greedy.client.post(`/events/${eventId}/holds`, { seats: [0] });
    const entry = (await join(greedy.client, eventId, { quantity: 3, minQuantity: 1 })).body;
    const other = (await join(next.client, eventId, { quantity: 1 })).body;
    const { etag } = (await organizer.client.get(`/events/${eventId}`)).headers;
    const limited = await organizer.client.patch(
      `/events/${eventId}`,
      { maxSeatsPerBuyer: 1 },
      { 'if-match': etag! },
    );
    assert.equal(limited.status, 200, JSON.stringify(limited.body));
    await seller.client.delete(`/bookings/${holds[1].id}`);
    await offered(next.client, other.id);
    assert.equal((await greedy.client.get(`/waitlist/${entry.id}`)).body.state, 'waiting');
  });

  test('ends with the sale, and frees what was kept', async () => {
    const { eventId, holds, seller, people, organizer } = await soldOut(2);
    const group = (await join(people[0]!.client, eventId, { quantity: 3 })).body;
    for (const index of [4, 11]) await seller.client.delete(`/bookings/${holds[index].id}`);
    await app.db.query(`UPDATE event SET sale_ends_at = now() WHERE id = $1`, [eventId]);
    await until(async () => (await people[0]!.client.get(`/waitlist/${group.id}`)).body.state === 'closed');
    assert.equal((await join(people[1]!.client, eventId, { quantity: 1 })).body.code, 'sale_closed');
    const { body } = await organizer.client.get(`/events/${eventId}/seats`);
    assert.deepEqual([body.sections[0].free, body.areas[0].held], [1, 3]);
  });

  test('forgets people whose account is erased', async () => {
    const { eventId, people } = await soldOut(1);
    const email = 'leaver@example.org';
    const password = 'a long way from home';
    const { body } = await app.client().post('/auth/register', { email, password, name: 'Leaver' });
    const leaver = app.client(body.accessToken);
    await join(leaver, eventId, { quantity: 1 });
    const behind = (await join(people[0]!.client, eventId, { quantity: 1 })).body;
    assert.equal(behind.position, 2);
    assert.equal((await leaver.delete('/auth/me', { password })).status, 204);
    await until(async () => (await people[0]!.client.get(`/waitlist/${behind.id}`)).body.position === 1);
  });

  test('gives odds once twenty have waited before', async () => {
    const { eventId, people } = await soldOut(1);
    await app.db.query(
      `INSERT INTO waitlist_entry (event_id, id, user_id, quantity, min_quantity, together, accessible, state, booking_id, offered_at, joined_at)
       SELECT $1, gen_random_uuid(), gen_random_uuid(), 2, 2, false, false, CASE WHEN i <= 5 THEN 'declined' ELSE 'left' END,
              CASE WHEN i <= 5 THEN gen_random_uuid() END, CASE WHEN i <= 5 THEN now() END, now() FROM generate_series(1, 20) i`,
      [eventId],
    );
    const entry = (await join(people[0]!.client, eventId, { quantity: 1 })).body;
    assert.equal(entry.odds, 0.25);
    await people[0]!.client.delete(`/waitlist/${entry.id}`);
    assert.equal(
      (await join(people[0]!.client, eventId, { quantity: 3 })).body.odds,
      null,
      'fewer needed as many',
    );
    await app.db.query(`DELETE FROM waitlist_entry WHERE event_id = $1 AND state IN ('left', 'declined')`, [
      eventId,
    ]);
  });
});
