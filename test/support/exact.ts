import assert from 'node:assert/strict';
import type pg from 'pg';
import type { SeatWatcher } from './seat-watcher.js';

/** Watcher, seats table, feed replayed from 1, and areas: all the same. */
export async function assertExact(db: pg.Pool, who: SeatWatcher): Promise<void> {
  const of = async (sql: string) => (await db.query(sql, [who.eventId])).rows;
  const [{ seq }] = await of('SELECT seq FROM inventory WHERE event_id = $1');
  await who.reaches(Number(seq));
  const seats = await of('SELECT state FROM seat WHERE event_id = $1 ORDER BY n');
  const areas = await of('SELECT name, held, booked FROM area WHERE event_id = $1');
  const feed = await of('SELECT seq, changes FROM seat_feed WHERE event_id = $1 ORDER BY seq');
  const replayed = new Uint8Array(seats.length);
  feed.forEach(({ seq, changes }, index) => {
    assert.equal(Number(seq), index + 1, 'the feed has no gap');
    for (const change of changes) replayed[change >> 2] = change & 3;
  });
  const table = Uint8Array.from(seats, ({ state }) => state);
  assert.deepEqual(replayed, table, 'feed and table');
  assert.deepEqual(who.states, table, `watcher and table ${JSON.stringify(who.seen)}`);
  assert.deepEqual(
    Object.fromEntries(who.areas),
    Object.fromEntries(areas.map(({ name, held, booked }) => [name, [held, booked]])),
  );
}
