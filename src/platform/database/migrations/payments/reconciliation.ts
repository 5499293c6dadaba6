/** Messages of providers, progress of the comparison of their books with ours, and discrepancies found. */
export const reconciliationTables = `
CREATE TABLE provider_event (
  provider    text        NOT NULL,
  id          text        NOT NULL,
  type        text        NOT NULL,
  -- the provider's name of the charge it is about; null: nothing of ours
  ref         text,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  handled_at  timestamptz,
  CONSTRAINT provider_event_pkey PRIMARY KEY (provider, id)
);
CREATE INDEX provider_event_unhandled ON provider_event (received_at) WHERE handled_at IS NULL;
CREATE INDEX provider_event_received_at ON provider_event (received_at);

CREATE TABLE reconciled (
  provider text        NOT NULL,
  -- everything that was made or refunded before has been compared
  until    timestamptz NOT NULL,
  CONSTRAINT reconciled_pkey PRIMARY KEY (provider)
);

CREATE TABLE payment_discrepancy (
  id          uuid        NOT NULL,
  provider    text        NOT NULL,
  kind        text        NOT NULL,
  ref         text        NOT NULL,
  payment_id  uuid,
  expected    jsonb       NOT NULL,
  found       jsonb       NOT NULL,
  status      text        NOT NULL,
  note        text,
  resolved_by uuid,
  found_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  resolved_at timestamptz,
  CONSTRAINT payment_discrepancy_pkey PRIMARY KEY (id),
  -- the same difference is told once, also after it was resolved
  CONSTRAINT payment_discrepancy_once UNIQUE (provider, ref, kind, expected, found),
  CONSTRAINT payment_discrepancy_payment FOREIGN KEY (payment_id) REFERENCES payment (id),
  CONSTRAINT payment_discrepancy_status CHECK (status IN ('open', 'repaired', 'resolved'))
);
CREATE INDEX payment_discrepancy_open ON payment_discrepancy (id) WHERE status = 'open';`;
