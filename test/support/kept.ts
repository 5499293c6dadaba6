import assert from 'node:assert/strict';
import type pg from 'pg';
import type { Json } from './client.js';
import type { Crowd } from './crowd.js';

/** Every hold that was acknowledged is in the database exactly as told, and none that nobody asked for. */
export async function assertKept(db: pg.Pool, eventId: string, ...crowds: Crowd[]): Promise<void> {
  const { rows } = await db.query(
    `SELECT b.id, b.code, b.status, b.currency, b.total::float8 AS total, b.expires_at,
            json_object_agg(i.id, json_build_array(i.n, a.name, i.price)) AS items
     FROM booking b
     JOIN booking_item i ON i.event_id = b.event_id AND i.booking_id = b.id
     LEFT JOIN area a ON a.event_id = i.event_id AND a.area = i.area
     WHERE b.event_id = $1 GROUP BY b.event_id, b.id`,
    [eventId],
  );
  const kept = new Map(rows.map((row) => [row.id, row]));
  const told = crowds.flatMap(({ held }) => held);
  for (const { id, code, expiresAt, currency, total, items } of told) {
    const row = kept.get(id);
    assert.ok(row, `hold ${id} was acknowledged and is gone`);
    const places = items.map((item: Json) => [item.id, [item.seat?.n ?? null, item.area, item.price]]);
    assert.deepEqual(
      [row.code, row.expires_at.toISOString(), row.currency, row.total, row.items],
      [code, expiresAt, currency, total, Object.fromEntries(places)],
    );
  }
  for (const { held, released, maybeReleased } of crowds)
    for (const { id } of held)
      if (released.has(id)) assert.equal(kept.get(id)!.status, 'released');
      else if (!maybeReleased.has(id)) assert.equal(kept.get(id)!.status, 'held');
  assert.equal(new Set(told.map(({ id }) => id)).size, told.length);
  const inDoubt = crowds.reduce((sum, { unknown }) => sum + unknown, 0);
  assert.ok(
    rows.length <= told.length + inDoubt,
    `${rows.length} kept, ${told.length} told, ${inDoubt} in doubt`,
  );
  const { rows: owned } = await db.query('SELECT DISTINCT n FROM booking_item WHERE event_id = $1', [
    eventId,
  ]);
  const everOwned = new Set(owned.map(({ n }) => n));
  const untrue = crowds.flatMap(({ conflicts }) => [...conflicts]).filter((n) => !everOwned.has(n));
  assert.deepEqual(untrue, [], 'refused for seats that nobody ever had');
}
