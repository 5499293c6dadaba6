import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startApp, type TestApp } from './support/app.js';
import { assertAuditClean } from './support/audit.js';
import type { Answer } from './support/client.js';
import { openSale, plainHall, realHall } from './support/halls.js';
import { type Rush, rush } from './support/load.js';
import type { Person } from './support/people.js';

const BUYERS = 1_000;

describe('a thousand buyers at once', () => {
  let app: TestApp;
  let buyers: Person[];
  before(async () => {
    app = await startApp({ sweeper: false });
    buyers = await app.people(BUYERS);
  });
  after(async () => {
    await app.close();
  });

  const everyone = (request: (buyer: Person, index: number) => Promise<Answer>): Promise<Rush> =>
    rush(BUYERS, BUYERS, (index) => request(buyers[index]!, index));
  const hold = (eventId: string, wanted: object) => (buyer: Person) =>
    buyer.client.post(`/events/${eventId}/holds`, wanted);
  const won = ({ answers }: Rush) => answers.filter(({ status }) => status === 201).map(({ body }) => body);

  /** Every acknowledged hold is in the database as it was told, and nothing else is. */
  async function auditAgainst(
    eventId: string,
    holds: { id: string; items: { id: string }[] }[],
  ): Promise<void> {
    await assertAuditClean(app);
    const { rows } = await app.db.query(
      `SELECT booking_id AS id, array_agg(id ORDER BY id) AS items FROM booking_item WHERE event_id = $1 AND status = 'held'
       GROUP BY 1 ORDER BY 1`,
      [eventId],
    );
    const told = holds.map(({ id, items }) => ({ id, items: items.map((item) => item.id).sort() }));
    assert.deepEqual(
      rows,
      told.sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
  }

  it('for one seat: exactly one gets it, all others hear 409', async (t) => {
    const { eventId } = await openSale(app, realHall());
    const result = await everyone(hold(eventId, { seats: [600] }));
    t.diagnostic(JSON.stringify(result.ms));
    assert.deepEqual(result.statuses, { 201: 1, 409: BUYERS - 1 });
    for (const { status, body } of result.answers)
      if (status === 409) assert.deepEqual([body.code, body.conflicts], ['seats_taken', [600]]);
    await auditAgainst(eventId, won(result));
  });

  it('for one seat, each with an idempotency key: the same', async () => {
    const { eventId } = await openSale(app, realHall());
    const result = await everyone((buyer, i) =>
      buyer.client.post(`/events/${eventId}/holds`, { seats: [600] }, { 'idempotency-key': `k${i}` }),
    );
    assert.deepEqual(result.statuses, { 201: 1, 409: BUYERS - 1 });
    await auditAgainst(eventId, won(result));
  });

  it('for a thousand seats of the real hall: everyone gets theirs', async (t) => {
    const { eventId } = await openSale(app, realHall());
    const result = await everyone((buyer, i) => hold(eventId, { seats: [i] })(buyer));
    t.diagnostic(JSON.stringify(result.ms));
    assert.deepEqual(result.statuses, { 201: BUYERS });
    await auditAgainst(eventId, won(result));
  });

  it('for overlapping groups of 2 to 8 seats in random order: all or nothing, no seat twice', async () => {
    const { eventId } = await openSale(app, realHall());
    const result = await everyone((buyer) => {
      const seats = new Set<number>();
      const size = 2 + Math.floor(Math.random() * 7);
      while (seats.size < size) seats.add(Math.floor(Math.random() * 300));
      return hold(eventId, { seats: [...seats] })(buyer);
    });
    assert.deepEqual(Object.keys(result.statuses), ['201', '409']);
    const seats = won(result).flatMap(({ items }) =>
      items.map((item: { seat: { n: number } }) => item.seat.n),
    );
    assert.equal(new Set(seats).size, seats.length);
    for (const { status, body } of result.answers) {
      if (status !== 409) continue;
      assert.ok(
        body.conflicts.length > 0 && body.conflicts.every((n: number) => seats.includes(n)),
        'a conflict that nobody holds',
      );
    }
    await auditAgainst(eventId, won(result));
  });

  it('for 248 standing places in groups of 1 to 4: never above, and nobody is refused while their number fits', async () => {
    const { eventId } = await openSale(app, realHall());
    const result = await everyone((buyer, i) =>
      hold(eventId, { areas: [{ area: 'Stehplatz', quantity: 1 + (i % 4) }] })(buyer),
    );
    const places = won(result).reduce((sum, { items }) => sum + items.length, 0);
    assert.deepEqual(Object.keys(result.statuses), ['201', '409']);
    assert.equal(places, 248);
    for (const { status, body } of result.answers) if (status === 409) assert.equal(body.code, 'area_full');
    await auditAgainst(eventId, won(result));
    await assertRefusedOnlyWhatDidNotFit(eventId, result, 248);
  });

  /** Places only fill up here: in the order of the facts, whoever was refused came when less was left than asked for. */
  async function assertRefusedOnlyWhatDidNotFit(
    eventId: string,
    { answers }: Rush,
    capacity: number,
  ): Promise<void> {
    const { rows } = await app.db.query(
      `SELECT sum(jsonb_array_length(data -> 'items')) AS places FROM fact WHERE event_id = $1 AND type = 'booking.held'`,
      [eventId],
    );
    const left = capacity - Number(rows[0].places);
    answers.forEach(({ status }, i) => {
      if (status === 409) assert.ok(1 + (i % 4) > left, `${1 + (i % 4)} refused with ${left} left`);
    });
  }

  it('for the best seats, 160 groups on 8,000 seats: none is refused while seats remain', async () => {
    const { eventId } = await openSale(app, plainHall(100, 80));
    const result = await rush(160, 160, (i) =>
      hold(eventId, { best: { quantity: 1 + (i % 8), together: true } })(buyers[i]!),
    );
    assert.deepEqual(result.statuses, { 201: 160 });
    await auditAgainst(eventId, won(result));
  });

  it('for the best seats until nothing is left: exactly the hall is sold', async () => {
    const { eventId } = await openSale(app, plainHall(20, 20));
    const result = await everyone(hold(eventId, { best: { quantity: 1 } }));
    assert.deepEqual(result.statuses, { 201: 400, 409: 600 });
    for (const { status, body } of result.answers) if (status === 409) assert.equal(body.code, 'sold_out');
    await auditAgainst(eventId, won(result));
  });

  it('for expired holds with the sweeper stopped: whole bookings end and their seats go to the next', async () => {
    const { eventId } = await openSale(app, realHall());
    await app.db.query('UPDATE inventory SET hold_seconds = 1 WHERE event_id = $1', [eventId]);
    const first = await rush(100, 100, (i) =>
      hold(eventId, { seats: [i * 3, i * 3 + 1, i * 3 + 2], areas: [{ area: 'Stehplatz', quantity: 2 }] })(
        buyers[i]!,
      ),
    );
    assert.deepEqual(first.statuses, { 201: 100 });
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    await app.db.query('UPDATE inventory SET hold_seconds = 600 WHERE event_id = $1', [eventId]);
    const second = await everyone((buyer, i) => hold(eventId, { seats: [(i % 100) * 3 + 1] })(buyer));
    assert.deepEqual(second.statuses, { 201: 100, 409: 900 });
    const standing = await hold(eventId, { areas: [{ area: 'Stehplatz', quantity: 10 }] })(buyers[0]!);
    assert.equal(standing.status, 201);
    const { rows } = await app.db.query(
      'SELECT status, count(*)::int FROM booking WHERE event_id = $1 GROUP BY 1 ORDER BY 1',
      [eventId],
    );
    assert.deepEqual(rows, [
      { status: 'expired', count: 100 },
      { status: 'held', count: 101 },
    ]);
    await auditAgainst(eventId, [...won(second), standing.body]);
  });

  it('beyond the queue of an event: the rest hears 503 with Retry-After, and what was acknowledged is there', async () => {
    const small = await startApp({ databaseUrl: app.config.databaseUrl, laneQueue: 50 });
    const blocker = await app.db.connect();
    try {
      const { eventId } = await openSale(app, realHall());
      const clients = buyers.map(({ token }) => small.client(token));
      const first = await clients[0]!.post(`/events/${eventId}/holds`, { seats: [1_200] });
      // As long as another transaction has the feed row, the first batch waits and the queue behind it fills.
      await blocker.query('BEGIN');
      await blocker.query('SELECT FROM inventory WHERE event_id = $1 FOR UPDATE', [eventId]);
      let refused = 0;
      const result = await rush(300, 300, async (i) => {
        const answer = await clients[i]!.post(`/events/${eventId}/holds`, { seats: [i] });
        if (answer.status === 503 && ++refused === 100) await blocker.query('COMMIT');
        return answer;
      });
      assert.ok(refused >= 100, JSON.stringify(result.statuses));
      assert.deepEqual(Object.keys(result.statuses), ['201', '503']);
      for (const { status, body, headers } of result.answers)
        if (status === 503) assert.deepEqual([body.code, headers['retry-after']], ['overloaded', '1']);
      await auditAgainst(eventId, [first.body, ...won(result)]);
    } finally {
      blocker.release();
      await small.close();
    }
  });
});
