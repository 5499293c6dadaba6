/**
 * What may never happen, as SQL that finds it: each query gives one row for each violation, with a `subject` to look
 * at. All read one snapshot, so that they hold while the sale goes on.
 */
export interface Invariant {
  readonly name: string;
  readonly help: string;
  readonly sql: string;
}

const LIVE = `('held', 'confirmed', 'cancelling')`;

export const INVARIANTS: readonly Invariant[] = [
  {
    name: 'seat_sold_twice',
    help: 'Seats with more than one live item',
    sql: `SELECT event_id || ' seat ' || n AS subject FROM booking_item
          WHERE n IS NOT NULL AND status IN ${LIVE} GROUP BY event_id, n HAVING count(*) > 1`,
  },
  {
    name: 'area_over_capacity',
    help: 'Areas with more live items than places',
    sql: `SELECT a.event_id || ' area ' || a.name AS subject FROM area a
          WHERE a.capacity < (SELECT count(*) FROM booking_item i
            WHERE i.event_id = a.event_id AND i.area = a.area AND i.status IN ${LIVE})`,
  },
  {
    name: 'area_counter_wrong',
    help: 'Areas whose counters differ from the sums of their items',
    sql: `SELECT a.event_id || ' area ' || a.name AS subject
          FROM area a LEFT JOIN (
            SELECT event_id, area, count(*) FILTER (WHERE status = 'held') AS held,
                   count(*) FILTER (WHERE status IN ('confirmed', 'cancelling')) AS booked
            FROM booking_item WHERE area IS NOT NULL GROUP BY event_id, area) i
            ON i.event_id = a.event_id AND i.area = a.area
          WHERE (a.held, a.booked) IS DISTINCT FROM (coalesce(i.held, 0), coalesce(i.booked, 0))`,
  },
  {
    name: 'seat_without_item',
    help: 'Seats held or booked without a live item of that booking',
    sql: `SELECT s.event_id || ' seat ' || s.n AS subject FROM seat s
          WHERE s.state IN (1, 2) AND NOT EXISTS (
            SELECT FROM booking_item i WHERE i.event_id = s.event_id AND i.n = s.n AND i.booking_id = s.booking_id
              AND i.status IN ${LIVE} AND (i.status = 'held') = (s.state = 1))`,
  },
  {
    name: 'item_without_seat',
    help: 'Live items whose seat is not held or booked for them',
    sql: `SELECT i.event_id || ' item ' || i.id AS subject FROM booking_item i
          WHERE i.n IS NOT NULL AND i.status IN ${LIVE} AND NOT EXISTS (
            SELECT FROM seat s WHERE s.event_id = i.event_id AND s.n = i.n AND s.booking_id = i.booking_id)`,
  },
  {
    name: 'booking_at_odds_with_items',
    help: 'Bookings whose state is not that of their items',
    sql: `SELECT b.event_id || ' booking ' || b.id AS subject
          FROM booking b LEFT JOIN (
            SELECT event_id, booking_id, array_agg(DISTINCT status) AS statuses FROM booking_item GROUP BY 1, 2) i
            ON i.event_id = b.event_id AND i.booking_id = b.id
          WHERE NOT coalesce(CASE
            WHEN b.status IN ('held', 'paying') THEN i.statuses = '{held}'
            WHEN b.status IN ('released', 'expired') THEN i.statuses = ARRAY[b.status]
            WHEN b.status = 'confirmed' THEN 'confirmed' = ANY (i.statuses) AND i.statuses <@ '{confirmed,cancelling,cancelled}'
            WHEN b.status = 'cancelling' THEN 'cancelling' = ANY (i.statuses) AND i.statuses <@ '{cancelling,cancelled}'
            WHEN b.status = 'cancelled' THEN i.statuses = '{cancelled}' END, false)`,
  },
  {
    name: 'seat_stranded',
    help: 'Held seats that no expiry will free: their deadline is not that of a hold or payment under way',
    sql: `SELECT s.event_id || ' seat ' || s.n AS subject FROM seat s
          LEFT JOIN booking b ON b.event_id = s.event_id AND b.id = s.booking_id
          WHERE s.state = 1 AND (b.id IS NULL OR b.status NOT IN ('held', 'paying') OR b.expires_at <> s.hold_until)`,
  },
  {
    name: 'booking_without_facts',
    help: 'Bookings whose facts are missing or do not reach their version',
    sql: `SELECT b.event_id || ' booking ' || b.id AS subject FROM booking b LEFT JOIN (
            SELECT stream_id, count(*) AS facts, max(version) AS version FROM fact WHERE stream = 'booking' GROUP BY 1) f
            ON f.stream_id = b.id
          WHERE f.facts IS NULL OR f.version <> b.version OR f.facts <> b.version`,
  },
  {
    name: 'booking_lost',
    help: 'Facts of a hold without its booking',
    sql: `SELECT f.event_id || ' booking ' || f.stream_id AS subject FROM fact f
          WHERE f.stream = 'booking' AND f.version = 1
            AND NOT EXISTS (SELECT FROM booking b WHERE b.event_id = f.event_id AND b.id = f.stream_id)`,
  },
  {
    name: 'feed_gap',
    help: 'Events whose feed is not gapless up to their seq',
    sql: `SELECT i.event_id::text AS subject FROM inventory i LEFT JOIN (
            SELECT event_id, count(*) AS rows, min(seq) AS first, max(seq) AS last FROM seat_feed GROUP BY 1) f
            ON f.event_id = i.event_id
          WHERE i.seq <> coalesce(f.last, i.seq) OR (f.rows IS NOT NULL AND f.rows <> f.last - f.first + 1)
            OR (f.rows IS NULL AND i.seq > 0 AND EXISTS (SELECT FROM booking b WHERE b.event_id = i.event_id
              AND b.created_at > clock_timestamp() - interval '23 hours'))`,
  },
  {
    name: 'feed_differs_from_seats',
    help: 'Seats whose last change in the feed is not their state',
    sql: `SELECT s.event_id || ' seat ' || s.n AS subject FROM (
            SELECT DISTINCT ON (f.event_id, change >> 2) f.event_id, change >> 2 AS n, change & 3 AS state
            FROM seat_feed f, unnest(f.changes) AS change ORDER BY f.event_id, change >> 2, f.seq DESC) last
          JOIN seat s ON s.event_id = last.event_id AND s.n = last.n WHERE s.state <> last.state`,
  },
  {
    name: 'money_without_ticket',
    help: 'Captured payments that are neither for live tickets nor for returned ones, to the cent, or given back beyond that',
    sql: `SELECT p.event_id || ' payment ' || p.id AS subject FROM payment p
          WHERE p.status = 'captured' AND p.amount <>
            (SELECT coalesce(sum(price), 0) FROM booking_item i WHERE i.event_id = p.event_id
               AND i.booking_id = p.booking_id AND i.status IN ('confirmed', 'cancelling'))
            + (SELECT coalesce(sum(price), 0) FROM refund r WHERE r.payment_id = p.id AND r.status = 'succeeded')`,
  },
  {
    name: 'ticket_without_money',
    help: 'Confirmed bookings all of whose payments have failed',
    sql: `SELECT b.event_id || ' booking ' || b.id AS subject FROM booking b
          WHERE b.status = 'confirmed' AND EXISTS (SELECT FROM payment p WHERE p.booking_id = b.id)
            AND NOT EXISTS (SELECT FROM payment p WHERE p.booking_id = b.id AND p.status IN ('authorized', 'captured'))`,
  },
  {
    name: 'ticket_missing',
    help: 'Sold items, paid for more than a minute ago, that have no ticket',
    sql: `SELECT i.event_id || ' item ' || i.id AS subject FROM booking_item i
          WHERE i.status = 'confirmed'
            AND EXISTS (SELECT FROM payment p WHERE p.event_id = i.event_id AND p.booking_id = i.booking_id
              AND p.status = 'captured' AND p.updated_at < clock_timestamp() - interval '1 minute')
            AND NOT EXISTS (SELECT FROM ticket t WHERE t.event_id = i.event_id AND t.booking_id = i.booking_id
              AND t.item_id = i.id)`,
  },
  {
    name: 'money_unsettled',
    help: 'Payments and refunds that nobody has finished within an hour',
    sql: `SELECT event_id || ' payment ' || id AS subject FROM payment
          WHERE status IN ('created', 'unknown', 'requires_action', 'authorized', 'voiding')
            AND created_at < clock_timestamp() - interval '1 hour'
          UNION ALL
          SELECT event_id || ' refund ' || id FROM refund
          WHERE status IN ('created', 'unknown') AND created_at < clock_timestamp() - interval '1 hour'`,
  },
];
