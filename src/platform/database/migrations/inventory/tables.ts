import { SEAT } from '../../../common/seat-states.js';

/**
 * Seats, areas, bookings and the feed. Every key starts with the event, so that the tables can be partitioned or
 * distributed by it. No index on seat state or deadline: claims stay HOT updates (with fillfactor 45 a seat row can be
 * held, booked and freed within its page).
 */
export const inventoryTables = `
CREATE TABLE inventory (
  event_id        uuid        NOT NULL,
  seq             bigint      NOT NULL DEFAULT 0,
  price_version   int         NOT NULL DEFAULT 1,
  status          text        NOT NULL CHECK (status IN ('published', 'cancelled', 'completed')),
  sale_from       timestamptz NOT NULL,
  sale_until      timestamptz NOT NULL,
  ends_at         timestamptz NOT NULL,
  currency        char(3)     NOT NULL,
  seat_count      int         NOT NULL CHECK (seat_count >= 0),
  max_per_booking int         NOT NULL CHECK (max_per_booking > 0),
  max_per_buyer   int         CHECK (max_per_buyer > 0),
  hold_seconds    int         NOT NULL CHECK (hold_seconds > 0),
  -- entries of the waitlist that wait: while there are any, what is freed is kept for them
  waiting         int         NOT NULL DEFAULT 0 CHECK (waiting >= 0),
  -- price_tier by category and by area, so that a claim reads no second table: 55 µs a call
  category_prices bigint[]    NOT NULL DEFAULT '{}',
  area_prices     bigint[]    NOT NULL DEFAULT '{}',
  CONSTRAINT inventory_pkey PRIMARY KEY (event_id),
  CONSTRAINT inventory_event FOREIGN KEY (event_id) REFERENCES event (id)
) WITH (fillfactor = 20);

CREATE INDEX inventory_waiting ON inventory (event_id) WHERE waiting > 0;

CREATE TABLE seat (
  event_id   uuid        NOT NULL,
  n          int         NOT NULL,
  state      smallint    NOT NULL DEFAULT ${SEAT.FREE},
  category   smallint    NOT NULL,
  section    smallint    NOT NULL,
  run        int         NOT NULL,
  accessible boolean     NOT NULL,
  booking_id uuid,
  hold_until timestamptz,
  CONSTRAINT seat_pkey PRIMARY KEY (event_id, n),
  CONSTRAINT seat_state CHECK (state BETWEEN ${SEAT.FREE} AND ${SEAT.BLOCKED}),
  CONSTRAINT seat_held_has_deadline CHECK ((state = ${SEAT.HELD}) = (hold_until IS NOT NULL)),
  -- held without a booking: kept for the waitlist
  CONSTRAINT seat_sold_has_booking CHECK (CASE state WHEN ${SEAT.HELD} THEN true WHEN ${SEAT.BOOKED} THEN booking_id IS NOT NULL
                                                     ELSE booking_id IS NULL END)
) WITH (fillfactor = 45, autovacuum_vacuum_scale_factor = 0.05);

CREATE TABLE area (
  event_id uuid     NOT NULL,
  area     smallint NOT NULL,
  name     text     NOT NULL,
  capacity int      NOT NULL,
  held     int      NOT NULL DEFAULT 0,
  booked   int      NOT NULL DEFAULT 0,
  CONSTRAINT area_pkey PRIMARY KEY (event_id, area),
  CONSTRAINT area_within_capacity CHECK (held >= 0 AND booked >= 0 AND held + booked <= capacity)
) WITH (fillfactor = 20);

-- Places freed while people wait, counted in \`held\` of their area; open to everyone after \`until\`.
CREATE TABLE area_kept (
  event_id uuid        NOT NULL,
  area     smallint    NOT NULL,
  until    timestamptz NOT NULL,
  quantity int         NOT NULL CHECK (quantity > 0),
  CONSTRAINT area_kept_pkey PRIMARY KEY (event_id, area, until)
);

CREATE TABLE booking (
  event_id   uuid        NOT NULL,
  id         uuid        NOT NULL,
  user_id    uuid        NOT NULL,
  code       text        NOT NULL,
  status     text        NOT NULL,
  -- the deadline of a hold; while paying the deadline of the payment, and held_until keeps the hold's
  expires_at timestamptz NOT NULL,
  held_until timestamptz NOT NULL,
  extended   boolean     NOT NULL DEFAULT false,
  tries      smallint    NOT NULL DEFAULT 0,
  -- the entry of the waitlist that this hold is offered to; null once accepted
  entry_id   uuid,
  currency   char(3)     NOT NULL,
  total      bigint      NOT NULL,
  version    int         NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  CONSTRAINT booking_pkey PRIMARY KEY (event_id, id),
  CONSTRAINT booking_status CHECK (status IN
    ('held', 'paying', 'confirmed', 'released', 'expired', 'cancelling', 'cancelled')),
  CONSTRAINT booking_total CHECK (total >= 0)
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX booking_id ON booking (id);
CREATE UNIQUE INDEX booking_code ON booking (code);
CREATE INDEX booking_user ON booking (user_id, id);
CREATE INDEX booking_due ON booking (event_id, expires_at) WHERE status IN ('held', 'paying');

CREATE TABLE booking_item (
  event_id   uuid     NOT NULL,
  booking_id uuid     NOT NULL,
  id         uuid     NOT NULL,
  n          int,
  area       smallint,
  price      bigint   NOT NULL,
  status     text     NOT NULL,
  CONSTRAINT booking_item_pkey PRIMARY KEY (event_id, booking_id, id),
  CONSTRAINT booking_item_seat_or_area CHECK ((n IS NULL) <> (area IS NULL)),
  CONSTRAINT booking_item_price CHECK (price >= 0),
  CONSTRAINT booking_item_status CHECK (status IN
    ('held', 'confirmed', 'cancelling', 'released', 'expired', 'cancelled'))
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX booking_item_live_seat ON booking_item (event_id, n)
  WHERE n IS NOT NULL AND status IN ('held', 'confirmed', 'cancelling');

-- changes: n * 4 + state of every seat touched; areas: (area, held, booked) of every area touched.
-- All seats that are held for bookings after the change share one deadline, and so do those that are kept.
CREATE TABLE seat_feed (
  event_id      uuid        NOT NULL,
  seq           bigint      NOT NULL,
  changes       int[]       NOT NULL,
  areas         int[]       NOT NULL,
  hold_until    timestamptz,
  kept          int[]       NOT NULL DEFAULT '{}',
  kept_until    timestamptz,
  price_version int         NOT NULL,
  at            timestamptz NOT NULL,
  CONSTRAINT seat_feed_pkey PRIMARY KEY (event_id, seq)
);`;
