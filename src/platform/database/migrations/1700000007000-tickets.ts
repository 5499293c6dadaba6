import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tickets, one for each item that was paid. Whether one is good is read from its item, so that none outlives it. */
export class Tickets1700000007000 implements MigrationInterface {
  readonly name = 'Tickets1700000007000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE ticket (
        event_id      uuid        NOT NULL,
        id            uuid        NOT NULL,
        booking_id    uuid        NOT NULL,
        item_id       uuid        NOT NULL,
        code          text        NOT NULL,
        holder_id     uuid        NOT NULL,
        -- part of the token: a transfer makes the tokens before it worthless
        generation    smallint    NOT NULL DEFAULT 1,
        checked_in_at timestamptz,
        gate          text,
        version       int         NOT NULL DEFAULT 1,
        issued_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT ticket_pkey PRIMARY KEY (event_id, id),
        CONSTRAINT ticket_of_item UNIQUE (event_id, booking_id, item_id),
        CONSTRAINT ticket_item FOREIGN KEY (event_id, booking_id, item_id)
          REFERENCES booking_item (event_id, booking_id, id),
        CONSTRAINT ticket_gate CHECK ((gate IS NULL) = (checked_in_at IS NULL))
      ) WITH (fillfactor = 80)`);
    await db.query('CREATE UNIQUE INDEX ticket_id ON ticket (id)');
    await db.query('CREATE UNIQUE INDEX ticket_code ON ticket (event_id, code)');
    await db.query('CREATE INDEX ticket_holder ON ticket (holder_id, id)');
    await db.query(`
      CREATE TABLE ticket_transfer (
        id         uuid        NOT NULL,
        event_id   uuid        NOT NULL,
        ticket_id  uuid        NOT NULL,
        from_id    uuid        NOT NULL,
        -- null when it is over: nobody's address is kept without need
        to_email   text,
        state      text        NOT NULL DEFAULT 'offered',
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        expires_at timestamptz NOT NULL,
        CONSTRAINT ticket_transfer_pkey PRIMARY KEY (id),
        CONSTRAINT ticket_transfer_ticket FOREIGN KEY (event_id, ticket_id) REFERENCES ticket (event_id, id),
        CONSTRAINT ticket_transfer_state CHECK (state IN ('offered', 'accepted', 'declined', 'withdrawn', 'expired')),
        CONSTRAINT ticket_transfer_address CHECK ((state = 'offered') = (to_email IS NOT NULL))
      )`);
    await db.query(
      `CREATE UNIQUE INDEX ticket_transfer_open ON ticket_transfer (ticket_id) WHERE state = 'offered'`,
    );
    await db.query(
      `CREATE INDEX ticket_transfer_to ON ticket_transfer (lower(to_email)) WHERE state = 'offered'`,
    );
    await db.query('CREATE INDEX ticket_transfer_from ON ticket_transfer (from_id, id)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE ticket_transfer, ticket');
  }
}
