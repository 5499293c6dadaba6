import { SEAT } from '../../platform/common/seat-states.js';

/**
 * Invariants, each as a query that finds its violations: one row for each, with a `subject` to look at. All queries
 * read one snapshot, so that the result is right while the sale goes on.
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
    help: 'Areas whose counters differ from the sums of their items and of what is kept for the waitlist',
    sql: `SELECT a.event_id || ' area ' || a.name AS subject
          FROM area a LEFT JOIN (
            SELECT event_id, area, count(*) FILTER (WHERE status = 'held') AS held,
                   count(*) FILTER (WHERE status IN ('confirmed', 'cancelling')) AS booked
            FROM booking_item WHERE area IS NOT NULL GROUP BY event_id, area) i
            ON i.event_id = a.event_id AND i.area = a.area
          WHERE (a.held, a.booked) IS DISTINCT FROM (coalesce(i.held, 0) + (SELECT coalesce(sum(k.quantity), 0) FROM area_kept k
            WHERE k.event_id = a.event_id AND k.area = a.area), coalesce(i.booked, 0))`,
  },
  {
    name: 'seat_without_item',
    help: 'Seats held or booked without a live item of that booking',
    sql: `SELECT s.event_id || ' seat ' || s.n AS subject FROM seat s
          WHERE s.state IN (${SEAT.HELD}, ${SEAT.BOOKED}) AND s.booking_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM booking_item i WHERE i.event_id = s.event_id AND i.n = s.n AND i.booking_id = s.booking_id
              AND i.status IN ${LIVE} AND (i.status = 'held') = (s.state = ${SEAT.HELD}))`,
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
    help: 'Bookings whose state does not match the state of their items',
    sql: `SELECT b.event_id || ' booking ' || b.id AS subject
          FROM booking b LEFT JOIN (
            SELECT event_id, booking_id, array_agg(DISTINCT status) AS statuses FROM booking_item GROUP BY 1, 2) every
            ON every.event_id = b.event_id AND every.booking_id = b.id
          CROSS JOIN LATERAL (SELECT CASE
            WHEN b.status IN ('confirmed', 'cancelling', 'cancelled') AND 'expired' = ANY (every.statuses) AND EXISTS (
              SELECT FROM fact f WHERE f.stream = 'booking' AND f.stream_id = b.id AND f.type = 'booking.replaced')
            THEN array_remove(every.statuses, 'expired') ELSE every.statuses END AS statuses) i
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
          WHERE s.state = ${SEAT.HELD} AND s.booking_id IS NOT NULL
            AND (b.id IS NULL OR b.status NOT IN ('held', 'paying') OR b.expires_at <> s.hold_until)`,
  },
  {
    name: 'kept_for_nobody',
    help: 'Seats and places kept for the waitlist for longer than a minute, or of an event that nobody waits for',
    sql: `SELECT k.event_id || ' ' || k.what AS subject FROM (
            SELECT event_id, 'seat ' || n AS what, hold_until AS until FROM seat WHERE state = ${SEAT.HELD} AND booking_id IS NULL
            UNION ALL SELECT event_id, 'area ' || area, until FROM area_kept) k
          JOIN inventory i ON i.event_id = k.event_id
          WHERE i.waiting = 0 OR k.until > clock_timestamp() + interval '60 s'`,
  },
  {
    name: 'waiting_counter_wrong',
    help: 'Events whose counter of waiting entries differs from the entries',
    sql: `SELECT i.event_id::text AS subject FROM inventory i WHERE i.waiting <>
            (SELECT count(*) FROM waitlist_entry e WHERE e.event_id = i.event_id AND e.state = 'waiting')`,
  },
  {
    name: 'offer_without_hold',
    help: 'Offers of the waitlist without a hold of the same person with as many items as wanted, or the other way round',
    sql: `SELECT coalesce(e.event_id, b.event_id) || ' entry ' || coalesce(e.id, b.entry_id) AS subject
          FROM (SELECT * FROM waitlist_entry WHERE state = 'offered') e
          FULL JOIN (SELECT * FROM booking WHERE entry_id IS NOT NULL AND status = 'held') b
            ON b.event_id = e.event_id AND b.id = e.booking_id AND b.entry_id = e.id
          WHERE e.id IS NULL OR b.id IS NULL OR b.user_id <> e.user_id OR b.expires_at <> e.offer_until
            OR (SELECT count(*) FROM booking_item i WHERE i.event_id = b.event_id AND i.booking_id = b.id)
               NOT BETWEEN e.min_quantity AND e.quantity`,
  },
  {
    name: 'entry_without_facts',
    help: 'Entries of the waitlist whose facts are missing, do not reach their version or tell another state',
    sql: `SELECT e.event_id || ' entry ' || e.id AS subject FROM waitlist_entry e LEFT JOIN (
            SELECT stream_id, count(*) AS facts, max(version) AS version, (array_agg(type ORDER BY version DESC))[1] AS last
            FROM fact WHERE stream = 'waitlist' GROUP BY 1) f ON f.stream_id = e.id
          WHERE f.facts IS NULL OR f.version <> e.version OR f.facts <> e.version
            OR f.last <> CASE e.state WHEN 'waiting' THEN 'waitlist.joined' ELSE 'waitlist.' || e.state END`,
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
    help: 'Events whose feed has gaps up to their seq',
    sql: `SELECT i.event_id::text AS subject FROM inventory i LEFT JOIN (
            SELECT event_id, count(*) AS rows, min(seq) AS first, max(seq) AS last FROM seat_feed GROUP BY 1) f
            ON f.event_id = i.event_id
          WHERE i.seq <> coalesce(f.last, i.seq) OR (f.rows IS NOT NULL AND f.rows <> f.last - f.first + 1)
            OR (f.rows IS NULL AND i.seq > 0 AND EXISTS (SELECT FROM booking b WHERE b.event_id = i.event_id
              AND b.created_at > clock_timestamp() - interval '23 hours'))`,
  },
  {
    name: 'feed_differs_from_seats',
    help: 'Seats whose state differs from their last change in the feed',
    sql: `SELECT s.event_id || ' seat ' || s.n AS subject FROM (
            SELECT DISTINCT ON (f.event_id, change >> 2) f.event_id, change >> 2 AS n, change & 3 AS state
            FROM seat_feed f, unnest(f.changes) AS change ORDER BY f.event_id, change >> 2, f.seq DESC) last
          JOIN seat s ON s.event_id = last.event_id AND s.n = last.n WHERE s.state <> last.state`,
  },
  {
    name: 'money_without_ticket',
    help: 'Captured payments whose amount differs from that of their live and returned tickets, or of which too much was refunded',
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
    name: 'entered_and_given_back',
    help: 'Tickets whose holder is inside though the item is not sold, unless the whole event was cancelled',
    sql: `SELECT t.event_id || ' ticket ' || t.id AS subject FROM ticket t
          JOIN booking_item i ON i.event_id = t.event_id AND i.booking_id = t.booking_id AND i.id = t.item_id
          WHERE t.checked_in_at IS NOT NULL AND i.status <> 'confirmed' AND NOT EXISTS (SELECT FROM refund r
            WHERE r.booking_id = t.booking_id AND r.cause = 'event' AND t.item_id = ANY (r.items))`,
  },
  {
    name: 'item_with_two_tickets',
    help: 'Items with more than one ticket',
    sql: `SELECT event_id || ' item ' || item_id AS subject FROM ticket
          GROUP BY event_id, booking_id, item_id HAVING count(*) > 1`,
  },
  {
    name: 'ticket_without_facts',
    help: 'Tickets whose facts are missing, do not reach their version or disagree about who is inside',
    sql: `SELECT t.event_id || ' ticket ' || t.id AS subject FROM ticket t LEFT JOIN (
            SELECT stream_id, count(*) AS facts, max(version) AS version,
              (array_agg(type ORDER BY version DESC) FILTER (WHERE type LIKE 'ticket.check%'))[1] = 'ticket.checked_in' AS inside
            FROM fact WHERE stream = 'ticket' GROUP BY 1) f ON f.stream_id = t.id
          WHERE f.facts IS NULL OR f.version <> t.version OR f.facts <> t.version
            OR coalesce(f.inside, false) <> (t.checked_in_at IS NOT NULL)`,
  },
  {
    name: 'code_of_two_holders',
    help: 'Transferred tickets that kept their former code, and former codes that are valid for another ticket',
    sql: `SELECT t.event_id || ' ticket ' || t.id AS subject FROM ticket t
          WHERE (t.generation > 1 AND NOT EXISTS (SELECT FROM ticket_past_code p
              WHERE p.event_id = t.event_id AND p.ticket_id = t.id AND p.generation = t.generation - 1))
            OR EXISTS (SELECT FROM ticket_past_code p WHERE p.event_id = t.event_id AND p.code = t.code)`,
  },
  {
    name: 'offer_of_another_holder',
    help: 'Open offers of tickets that the person who made the offer no longer holds',
    sql: `SELECT o.event_id || ' transfer ' || o.id AS subject FROM ticket_transfer o
          JOIN ticket t ON t.event_id = o.event_id AND t.id = o.ticket_id
          WHERE o.state = 'offered' AND o.from_id <> t.holder_id`,
  },
  {
    name: 'item_refunded_twice',
    help: 'Items of more than one refund',
    sql: `SELECT r.event_id || ' item ' || item AS subject FROM refund r, unnest(r.items) AS item
          GROUP BY r.event_id, r.booking_id, item HAVING count(*) > 1`,
  },
  {
    name: 'refunded_beyond_payment',
    help: 'Payments with refunds above the amount paid',
    sql: `SELECT p.event_id || ' payment ' || p.id AS subject FROM payment p
          WHERE p.amount < (SELECT sum(r.amount) FROM refund r WHERE r.payment_id = p.id)`,
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
