import assert from 'node:assert/strict';
import { afterAll, beforeAll, test } from '@jest/globals';
import { DemoPastRepository } from '../../../src/operations/demo/demo-past.repository.js';
import { startApp, type TestApp } from '../../support/app.js';
import { Crowd } from '../../support/crowd.js';
import { openSale, plainHall } from '../../support/halls.js';
import { note } from '../../support/note.js';

const MOVES = 40;

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

test('what the demo puts into the past lets everybody else go on: people buy at the same event and another, and nobody hears 503', async () => {
  const sales = [await openSale(app, plainHall(40, 50)), await openSale(app, plainHall(40, 50))];
  const people = await app.people(16);
  const crowds = sales.map(({ eventId }, i) => {
    let n = 0;
    return new Crowd({
      eventId,
      clients: people.slice(i * 8, i * 8 + 8).map(({ client }) => client),
      width: 8,
      wish: () => ({ seats: [n++ % 2_000] }),
      releases: 1,
    });
  });
  const { eventId } = sales[0]!;
  const past = app.nest.get(DemoPastRepository, { strict: false });
  let moved = 0;
  try {
    await Promise.all(crowds.map((crowd) => crowd.gets(20)));
    for (let move = 0; move < MOVES; move++) {
      const ids = crowds[0]!.held.map(({ id }) => id as string);
      const at = ids.map((_, i) => new Date(Date.now() - 86_400_000 - i * 1_000));
      const publishedAt = new Date(Date.now() - 2 * 86_400_000);
      if (await past.move({ eventId, publishedAt, ids, at, back: at, startsAt: null, endsAt: null })) moved++;
    }
  } finally {
    await Promise.all(crowds.map((crowd) => crowd.stop()));
  }
  const heard = crowds.map((one) => one.heard);
  note(`${moved} moves; ${JSON.stringify(heard)}`);
  assert.ok(moved > 0);
  assert.deepEqual(
    crowds.flatMap(({ unavailable }) => unavailable.map(({ body }) => body.code)),
    [],
  );
  const { rows } = await app.db.query(
    'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
  );
  assert.deepEqual(rows, [{ deadlocks: 0 }]);
});
