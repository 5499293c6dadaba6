import type { TestApp } from './app.js';
import type { Json } from './client.js';

/** States in the database of the seats of a booking, each once. */
export async function seatStates({ db }: TestApp, { eventId, items }: Json): Promise<number[]> {
  const { rows } = await db.query('SELECT DISTINCT state FROM seat WHERE event_id = $1 AND n = ANY ($2)', [
    eventId,
    items.flatMap(({ seat }: Json) => (seat ? [seat.n] : [])),
  ]);
  return rows.map(({ state }) => state);
}

/** States from their packed form: two bits a seat. */
export const unpackStates = (packed: Buffer, count: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: count }, (_, n) => (packed[n >> 2]! >> ((n & 3) * 2)) & 3);
