/**
 * \`place\` is drawn under the feed row's lock, so that it is the order in which people joined. \`categories\` and
 * \`areas\` are indexes into the plan's; null means any of them, empty none.
 */
export const waitlistTable = `
CREATE TABLE waitlist_entry (
  event_id     uuid        NOT NULL,
  id           uuid        NOT NULL,
  place        bigint      GENERATED ALWAYS AS IDENTITY,
  user_id      uuid        NOT NULL,
  quantity     int         NOT NULL,
  min_quantity int         NOT NULL,
  together     boolean     NOT NULL,
  accessible   boolean     NOT NULL,
  categories   smallint[],
  areas        smallint[],
  max_price    bigint,
  state        text        NOT NULL DEFAULT 'waiting',
  -- how often freed seats that it could have used went to others since it last had its turn
  bypassed     int         NOT NULL DEFAULT 0,
  -- until when freed seats are collected for it; of one entry of an event at a time
  collecting_until timestamptz,
  -- the hold that was offered to it last, if any
  booking_id   uuid,
  offered_at   timestamptz,
  offer_until  timestamptz,
  version      int         NOT NULL DEFAULT 1,
  joined_at    timestamptz NOT NULL,
  CONSTRAINT waitlist_entry_pkey PRIMARY KEY (event_id, id),
  CONSTRAINT waitlist_entry_quantity CHECK (min_quantity BETWEEN 1 AND quantity),
  CONSTRAINT waitlist_entry_state CHECK (state IN
    ('waiting', 'offered', 'accepted', 'declined', 'expired', 'left', 'closed')),
  CONSTRAINT waitlist_entry_offer CHECK (state NOT IN ('offered', 'accepted', 'declined', 'expired') OR booking_id IS NOT NULL),
  CONSTRAINT waitlist_entry_collecting CHECK (collecting_until IS NULL OR state = 'waiting')
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX waitlist_entry_id ON waitlist_entry (id);
CREATE UNIQUE INDEX waitlist_entry_once ON waitlist_entry (event_id, user_id) WHERE state IN ('waiting', 'offered');
CREATE UNIQUE INDEX waitlist_entry_line ON waitlist_entry (event_id, place) WHERE state = 'waiting';
CREATE INDEX waitlist_entry_user ON waitlist_entry (user_id, place);`;
