import type { Json } from '../test/support/client.js';
import type { Ledger, Purchase, Told, Waiting } from './ledger.js';
import { PROOF } from './proof.js';

/** Connection that a proof reads with: a pool, or one connection. */
export interface Readable {
  query(sql: string, values?: unknown[]): Promise<{ rows: Json[] }>;
}

interface Kept {
  readonly id: string;
  readonly eventId: string;
  readonly userId: string;
  readonly code: string;
  readonly status: string;
  readonly total: number;
  readonly currency: string;
  readonly offered: boolean;
  /** Its time is not over. */
  readonly running: boolean;
  /** By id: seat number or null, name of the area or null, price, status, whether it has a ticket. */
  readonly items: Record<
    string,
    [n: number | null, area: string | null, price: number, status: string, ticket: boolean]
  >;
  /** Ids of tickets that were let in. */
  readonly scanned: readonly string[];
}

const BOOKINGS = `
  SELECT b.id, b.event_id AS "eventId", b.user_id AS "userId", b.code, b.status, b.total::int, b.currency,
         b.id IN (SELECT booking_id FROM waitlist_entry WHERE booking_id IS NOT NULL) AS offered, b.expires_at > clock_timestamp() AS running, i.items,
         coalesce(i.scanned, '{}') AS scanned
  FROM booking b JOIN LATERAL (
    SELECT json_object_agg(i.id, json_build_array(i.n, a.name, i.price, i.status, t.id IS NOT NULL)) AS items,
           array_agg(t.id) FILTER (WHERE t.checked_in_at IS NOT NULL) AS scanned
    FROM booking_item i LEFT JOIN area a ON a.event_id = i.event_id AND a.area = i.area
    LEFT JOIN ticket t ON t.event_id = i.event_id AND t.booking_id = i.booking_id AND t.item_id = i.id
    WHERE i.event_id = b.event_id AND i.booking_id = b.id) i ON true`;

const SOLD_TWICE = `
  SELECT event_id || ' seat ' || n AS what FROM booking_item
  WHERE n IS NOT NULL AND status IN ('held', 'confirmed', 'cancelling') GROUP BY event_id, n HAVING count(*) > 1`;

/** States that a booking may have reached since its buyer was told so; a hold may have expired. */
const MAY_BE: Record<Told, readonly string[]> = {
  held: ['held', 'expired'],
  declined: ['held', 'expired'],
  released: ['released'],
  expired: ['expired'],
  confirmed: ['confirmed'],
  cancelled: ['cancelled'],
};
const ENTRY_MAY_BE: Record<Waiting['told'], readonly string[] | undefined> = {
  waiting: undefined,
  accepted: ['accepted'],
  // what is offered to one who leaves is declined
  left: ['left', 'declined'],
};

/**
 * Compares the database with what buyers were told and with the books of the sandbox, when nothing is under way.
 * @returns one line for each untruth
 */
export async function untruths(db: Readable, ledger: Ledger): Promise<string[]> {
  const kept = new Map<string, Kept>((await db.query(BOOKINGS)).rows.map((row) => [row.id, row]));
  const found = [...ledger.purchases.values()].flatMap((purchase) =>
    untruthsAbout(purchase, kept.get(purchase.hold.id)),
  );
  for (const { id, offered } of kept.values())
    if (!offered && !ledger.purchases.has(id))
      found.push(`booking ${id}: nobody was told of it, and it is ${kept.get(id)!.status}`);
  found.push(...soldTwiceByAnswers(ledger));
  for (const { what } of (await db.query(SOLD_TWICE)).rows) found.push(`${what}: sold twice`);
  for (const { id, ...sums } of (await db.query(PROOF)).rows)
    found.push(`booking ${id}: money and tickets differ ${JSON.stringify(sums)}`);
  found.push(...(await untruthsAboutWaiting(db, ledger)));
  return found;
}

function untruthsAbout({ hold, eventId, userId, told, ...acts }: Purchase, kept: Kept | undefined): string[] {
  const name = `booking ${hold.id}`;
  if (!kept) return [`${name}: acknowledged and gone (${told})`];
  const found: string[] = [];
  const agreed = ({ code, total, currency, ...rest }: Json) =>
    JSON.stringify([rest.eventId, rest.userId, code, total, currency, ...places(rest.items)]);
  const [asTold, asKept] = [agreed({ ...hold, eventId, userId }), agreed(kept)];
  if (asTold !== asKept) found.push(`${name}: told ${asTold}, kept ${asKept}`);
  const mayBe = told === 'held' && kept.running ? ['held'] : MAY_BE[told];
  if (!acts.undecided && !mayBe.includes(kept.status)) found.push(`${name}: told ${told}, is ${kept.status}`);
  for (const [id, [, , , status, ticket]] of Object.entries(kept.items)) {
    if (acts.cancelled.has(id) && status !== 'cancelled')
      found.push(`item ${id}: told cancelled, is ${status}`);
    if (status === 'confirmed' && !ticket) found.push(`item ${id}: sold without a ticket`);
  }
  for (const id of acts.scanned)
    if (!kept.scanned.includes(id)) found.push(`ticket ${id}: was let in, and that is forgotten`);
  return found;
}

/** Places and their prices, from the body of an answer or from a kept one. */
function places(items: Json): string[] {
  const list: [string, unknown, unknown, unknown][] = Array.isArray(items)
    ? items.map(({ id, seat, area, price }) => [id, seat?.n ?? null, area, price])
    : Object.entries(items as Kept['items']).map(([id, [n, area, price]]) => [id, n, area, price]);
  return list.map((place) => place.join(' ')).sort();
}

/** Without asking the database: two people who both were told that they have the same seat. */
function soldTwiceByAnswers({ purchases }: Ledger): string[] {
  const owners = new Map<string, string>();
  const found: string[] = [];
  for (const { eventId, hold, told, cancelled, undecided } of purchases.values()) {
    if (told !== 'confirmed' || undecided) continue;
    for (const { id, seat } of hold.items) {
      if (!seat || cancelled.has(id)) continue;
      const place = `${eventId} seat ${seat.n}`;
      if (owners.has(place)) found.push(`${place}: ${owners.get(place)} and ${hold.id} were both told so`);
      owners.set(place, hold.id);
    }
  }
  return found;
}

async function untruthsAboutWaiting(db: Readable, { waiting }: Ledger): Promise<string[]> {
  const { rows } = await db.query('SELECT id, state FROM waitlist_entry');
  const states = new Map<string, string>(rows.map(({ id, state }) => [id, state]));
  return [...waiting.values()].flatMap(({ id, told }) => {
    const state = states.get(id);
    if (!state) return [`entry ${id}: acknowledged and gone`];
    return (ENTRY_MAY_BE[told]?.includes(state) ?? true) ? [] : [`entry ${id}: told ${told}, is ${state}`];
  });
}
