import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Json } from '../../support/client.js';
import { Crowd } from '../../support/crowd.js';
import { openSale, plainHall } from '../../support/halls.js';
import { rush } from '../../support/load.js';
import { note } from '../../support/note.js';
import type { Person } from '../../support/people.js';
import { until } from '../../support/until.js';

const SEATS = 300;
const WAITERS = 60;
const RELEASED = 200;

describe('strangers and the waitlist at once', () => {
  let app: TestApp;
  let other: TestApp;
  beforeAll(async () => {
    app = await startApp();
    other = await startApp({ database: app.config.database });
  });
  afterAll(async () => {
    await assertAuditClean(app);
    await other.close();
    await app.close();
  });

  test('no stranger gets a freed seat while somebody waits whom it fits, on two replicas; the rest goes to strangers', async () => {
    const { eventId } = await openSale(app, plainHall(20, SEATS / 20));
    const [seller, ...people] = (await app.people(1 + WAITERS + 20)) as [Person, ...Person[]];
    const [waiters, strangers] = [people.slice(0, WAITERS), people.slice(WAITERS)];
    const { answers: holds } = await rush(SEATS, 32, (n) =>
      seller.client.post(`/events/${eventId}/holds`, { seats: [n] }),
    );
    const joined = await rush(WAITERS, 16, (i) =>
      waiters[i]!.client.post(`/events/${eventId}/waitlist`, { quantity: 1 + (i % 3), minQuantity: 1 }),
    );
    assert.deepEqual(joined.statuses, { 201: WAITERS });

    const half = (replica: TestApp) =>
      new Crowd({
        eventId,
        clients: strangers.map(({ token }) => replica.client(token)),
        width: 8,
        wish: () =>
          Math.random() < 0.5 ? { best: { quantity: 1 } } : { seats: [Math.floor(Math.random() * SEATS)] },
      });
    const crowds = [half(app), half(other)];
    try {
      await rush(RELEASED, 4, (i) => seller.client.delete(`/bookings/${holds[i]!.body.id}`));
      // A third declines what it is offered, until nobody waits any more.
      const answered = new Set<string>();
      await until(async () => {
        for (const [i, { body }] of joined.answers.entries()) {
          if (i % 3 > 0 || answered.has(body.id)) continue;
          const { status } = await waiters[i]!.client.post(`/waitlist/${body.id}/decline`);
          if (status === 200) answered.add(body.id);
        }
        const { rows } = await app.db.query('SELECT waiting FROM inventory WHERE event_id = $1', [eventId]);
        return rows[0].waiting === 0;
      });
      await until(() => crowds.some(({ held }) => held.length > 0));
      for (const crowd of crowds) await crowd.stop();

      const { rows } = await app.db.query(
        `SELECT f.type, f.data ->> 'userId' AS "userId", w.stream_id IS NOT NULL AS offer FROM fact f
       LEFT JOIN fact w ON f.type = 'booking.held' AND w.type = 'waitlist.offered' AND w.data ->> 'bookingId' = f.stream_id::text
       WHERE f.event_id = $1 AND f.stream IN ('booking', 'waitlist') ORDER BY f.pos`,
        [eventId],
      );
      const counts = { waiting: 0, offers: 0, strangers: 0, passed: 0 };
      for (const { type, userId, offer } of rows as Json[]) {
        if (type === 'waitlist.joined') counts.waiting++;
        if (type === 'waitlist.offered') counts.waiting--;
        if (offer) counts.offers++;
        if (type !== 'booking.held' || offer || userId === seller.id) continue;
        counts.strangers++;
        if (counts.waiting > 0) counts.passed++;
      }
      note(JSON.stringify({ ...counts, heard: crowds.map(({ heard }) => heard) }));
      assert.equal(counts.passed, 0, 'strangers who came past the line');
      assert.equal(counts.offers, WAITERS);
      assert.ok(counts.strangers > 0, 'afterwards they get what is left');
    } finally {
      await Promise.all(crowds.map((crowd) => crowd.stop()));
    }
  });
});
