import { SEAT } from '../src/platform/common/seat-states.js';

/**
 * The best that one statement for each hold can do: it takes a fresh seat and writes what the product writes. pgbench
 * counts `i` up from -1 in each client, so that no seat is asked for twice.
 */
const COUNT_SEATS = `\\set i :i + 1
\\set n :first + :i * :clients + :client_id
`;

const write = (lot: string) => `ids AS MATERIALIZED (
  SELECT uuidv7() AS booking, uuidv7() AS item, uuidv7() AS buyer,
    upper(substr(md5(random()::text), 1, 12)) AS code, clock_timestamp() AS at
), claimed AS (
  UPDATE seat s SET state = ${SEAT.HELD}, booking_id = ids.booking, hold_until = ids.at + make_interval(secs => lot.hold_seconds)
  FROM ids, ${lot} lot
  WHERE s.event_id = lot.event_id AND s.n = :n::int AND (s.state = ${SEAT.FREE} OR (s.state = ${SEAT.HELD} AND s.hold_until <= ids.at))
    AND lot.status = 'published' AND lot.sale_from <= ids.at AND ids.at < lot.sale_until
  RETURNING s.event_id, s.n, s.hold_until, ids.*, lot.currency,
    (SELECT price FROM price_tier t WHERE t.event_id = s.event_id AND t.category = s.category) AS price
), kept AS (
  INSERT INTO booking (event_id, id, user_id, code, status, expires_at, held_until, currency, total, created_at)
  SELECT event_id, booking, buyer, code, 'held', hold_until, hold_until, currency, price, at FROM claimed
), item AS (
  INSERT INTO booking_item (event_id, booking_id, id, n, price, status)
  SELECT event_id, booking, item, n, price, 'held' FROM claimed
), told AS (
  INSERT INTO fact (event_id, stream, stream_id, version, type, data, actor, occurred_at)
  SELECT event_id, 'booking', booking, 1, 'booking.held',
    jsonb_build_object('userId', buyer, 'code', code, 'expiresAt', hold_until, 'currency', currency, 'total', price,
      'items', jsonb_build_array(jsonb_build_array(item, n, NULL, price))), buyer, at
  FROM claimed
)`;

const RESULT = 'SELECT booking, code, hold_until, price FROM claimed;\n';

/** Under the event's feed row, with its next seq and a row in the feed. */
export const WITH_SEQ = `${COUNT_SEATS}WITH feed AS (
  UPDATE inventory SET seq = seq + 1 WHERE event_id = :event::uuid RETURNING *
), ${write('feed')}, appended AS (
  INSERT INTO seat_feed (event_id, seq, changes, areas, hold_until, price_version, at)
  SELECT c.event_id, feed.seq, ARRAY[c.n * 4 + ${SEAT.HELD}], '{}', c.hold_until, feed.price_version, c.at FROM claimed c, feed
)
${RESULT}`;

/** Neither lock nor seq nor feed. */
export const WITHOUT_SEQ = `${COUNT_SEATS}WITH lot AS (
  SELECT * FROM inventory WHERE event_id = :event::uuid
), ${write('lot')}
${RESULT}`;
