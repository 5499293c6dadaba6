/** Payments and refunds; money_is_told tells each change of status as a fact. The sandbox's tables are its own ledger. */
export const paymentTables = `
CREATE TABLE payment (
  -- that of the checkout which makes it
  id              uuid        NOT NULL,
  event_id        uuid        NOT NULL,
  booking_id      uuid        NOT NULL,
  user_id         uuid        NOT NULL,
  provider        text        NOT NULL,
  method          text        NOT NULL,
  amount          bigint      NOT NULL,
  currency        char(3)     NOT NULL,
  -- authorized: the seats are sold, the money is to be captured; voiding: nothing can be sold for it any more, it is to be given back
  status          text        NOT NULL DEFAULT 'created',
  idempotency_key text        NOT NULL,
  provider_ref    text,
  next_action     jsonb,
  failure         text,
  version         int         NOT NULL DEFAULT 1,
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT payment_pkey PRIMARY KEY (id),
  CONSTRAINT payment_idempotency_key UNIQUE (idempotency_key),
  CONSTRAINT payment_booking FOREIGN KEY (event_id, booking_id) REFERENCES booking (event_id, id),
  CONSTRAINT payment_amount CHECK (amount > 0),
  CONSTRAINT payment_status CHECK (status IN
    ('created', 'unknown', 'requires_action', 'authorized', 'captured', 'declined', 'voiding', 'voided'))
);
CREATE UNIQUE INDEX payment_one_live ON payment (booking_id)
  WHERE status IN ('created', 'unknown', 'requires_action', 'authorized', 'captured');
CREATE INDEX payment_of_booking ON payment (booking_id);
CREATE INDEX payment_of_user ON payment (user_id, id);
CREATE INDEX payment_unfinished ON payment (created_at)
  WHERE status IN ('created', 'unknown', 'requires_action', 'authorized', 'voiding');

CREATE TABLE refund (
  id              uuid        NOT NULL,
  -- null when nothing had been paid
  payment_id      uuid,
  event_id        uuid        NOT NULL,
  booking_id      uuid        NOT NULL,
  -- what goes back; the rest of the items' price is kept
  amount          bigint      NOT NULL,
  price           bigint      NOT NULL,
  currency        char(3)     NOT NULL,
  -- the items it is for: they are cancelled when it succeeds
  items           uuid[]      NOT NULL,
  -- who wanted it: the buyer, the organizer for one booking, everyone because the event was cancelled; goodwill: the
  -- organizer, and the tickets stay good, so it is for no items and their price is 0
  cause           text        NOT NULL,
  -- the cancellation that pays it back
  saga_id         uuid        NOT NULL,
  status          text        NOT NULL DEFAULT 'created',
  idempotency_key text        NOT NULL,
  provider_ref    text,
  failure         text,
  -- how an operator has ended what the provider would not do
  settled         text,
  settled_by      uuid,
  settled_note    text,
  version         int         NOT NULL DEFAULT 1,
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT refund_pkey PRIMARY KEY (id),
  CONSTRAINT refund_idempotency_key UNIQUE (idempotency_key),
  CONSTRAINT refund_payment FOREIGN KEY (payment_id) REFERENCES payment (id),
  CONSTRAINT refund_booking FOREIGN KEY (event_id, booking_id) REFERENCES booking (event_id, id),
  CONSTRAINT refund_saga FOREIGN KEY (saga_id) REFERENCES saga (id),
  CONSTRAINT refund_amount CHECK (amount >= 0 AND (amount = 0 OR payment_id IS NOT NULL)),
  CONSTRAINT refund_keeps CHECK (amount <= price OR cause = 'goodwill'),
  CONSTRAINT refund_cause CHECK (cause IN ('buyer', 'organizer', 'event', 'goodwill')),
  CONSTRAINT refund_settled CHECK (settled IN ('paid_elsewhere', 'not_owed')),
  CONSTRAINT refund_settled_by CHECK ((settled IS NULL) = (settled_by IS NULL)),
  CONSTRAINT refund_status CHECK (status IN ('created', 'unknown', 'succeeded', 'refused'))
);
CREATE INDEX refund_of_booking ON refund (booking_id);
CREATE INDEX refund_of_payment ON refund (payment_id);
CREATE INDEX refund_of_event ON refund (event_id, id) WHERE cause = 'event';`;

export const sandboxTables = `
CREATE TABLE sandbox_charge (
  key        text        NOT NULL,
  ref        text        NOT NULL,
  amount     bigint      NOT NULL,
  currency   char(3)     NOT NULL,
  behaviour  text        NOT NULL,
  state      text        NOT NULL,
  reason     text,
  refunded   bigint      NOT NULL DEFAULT 0,
  -- how often it was asked for, by one key
  asked      int         NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT sandbox_charge_pkey PRIMARY KEY (key),
  CONSTRAINT sandbox_charge_ref UNIQUE (ref),
  CONSTRAINT sandbox_charge_state CHECK (state IN ('requires_action', 'authorized', 'captured', 'declined', 'voided')),
  CONSTRAINT sandbox_charge_refunded CHECK (refunded BETWEEN 0 AND amount)
);
CREATE INDEX sandbox_charge_created_at ON sandbox_charge (created_at);
CREATE TABLE sandbox_refund (
  key        text        NOT NULL,
  charge_key text        NOT NULL,
  amount     bigint      NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT sandbox_refund_pkey PRIMARY KEY (key),
  CONSTRAINT sandbox_refund_charge FOREIGN KEY (charge_key) REFERENCES sandbox_charge (key)
);
CREATE INDEX sandbox_refund_created_at ON sandbox_refund (created_at);`;
