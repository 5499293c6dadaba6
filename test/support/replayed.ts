import assert from 'node:assert/strict';
import { type BookingFact, replay } from '../../src/bookings/booking.rules.js';
import { type EventReplay, ReplayService } from '../../src/orders/history/replay.service.js';
import { FactsService } from '../../src/platform/facts/facts.service.js';
import type { TestApp } from './app.js';

/** The facts of a booking, replayed, give its row and items; its deadlines only if nobody moved the clock for it. */
export async function assertReplayed(
  { nest, db }: TestApp,
  id: string,
  deadlinesToo: boolean,
): Promise<void> {
  const facts = (await nest.get(FactsService).history('booking', id)) as BookingFact[];
  const told = replay(facts);
  const { rows } = await db.query(
    `SELECT status, user_id AS "userId", code, expires_at AS "expiresAt", held_until AS "heldUntil", extended, tries,
       currency, total::int, version,
       (SELECT json_agg(json_build_object('id', id, 'n', n, 'area', area, 'price', price, 'status', status) ORDER BY id)
        FROM booking_item WHERE booking_id = b.id) AS items
     FROM booking b WHERE id = $1`,
    [id],
  );
  const timeless = ({ expiresAt, heldUntil, ...rest }: Record<string, unknown>) => rest;
  const row = rows[0];
  assert.deepEqual(timeless({ ...told }), timeless(row));
  if (deadlinesToo)
    assert.deepEqual([told.expiresAt, told.heldUntil], [row.expiresAt, row.heldUntil], JSON.stringify(facts));
}

/** Replay of one event or of all, as `npm run replay` makes it. */
export async function replayEvents({ nest }: TestApp, eventId: string | null): Promise<EventReplay[]> {
  const found: EventReplay[] = [];
  await nest.get(ReplayService).run(eventId, (event) => found.push(event));
  return found;
}

/** Deadlines that `lapse` moves by hand, which no fact tells. */
const MOVED = ['expires_at', 'held_until', 'hold_until'];

/** Facts alone give bookings, items, seats and areas of the events as they stand, but for deadlines moved by hand. */
export function assertAsFactsTell(replays: readonly EventReplay[]): void {
  for (const { eventId, different, examples, broken } of replays) {
    assert.deepEqual(broken, [], eventId);
    assert.equal(different, examples.length, eventId);
    for (const { table, key, told, stands } of examples)
      assert.deepEqual(unmoved(told), unmoved(stands), `${table} ${key} of ${eventId}`);
  }
}

const unmoved = (row: object | null) =>
  row && Object.fromEntries(Object.entries(row).filter(([name]) => !MOVED.includes(name)));
