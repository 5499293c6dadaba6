import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Facts told to organizers' own systems. */
export class Webhooks1700000010000 implements MigrationInterface {
  readonly name = 'Webhooks1700000010000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE webhook (
        id              uuid        NOT NULL,
        organizer_id    uuid        NOT NULL,
        url             text        NOT NULL,
        facts           text[]      NOT NULL,
        description     text,
        -- what messages are signed with: it has to be known, so it cannot be hashed
        secret          bytea       NOT NULL,
        -- signs along for a day after a change
        old_secret      bytea,
        old_until       timestamptz,
        active          boolean     NOT NULL DEFAULT true,
        disabled_reason text,
        -- since when nothing has been accepted
        failing_since   timestamptz,
        -- attempts refused in a row; until then the endpoint is left alone
        failures        int         NOT NULL DEFAULT 0,
        resting_until   timestamptz,
        version         int         NOT NULL DEFAULT 1,
        created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT webhook_pkey PRIMARY KEY (id)
      )`);
    await db.query('CREATE INDEX webhook_of_organizer ON webhook (organizer_id, id)');
    await db.query(`
      CREATE TABLE webhook_delivery (
        id           uuid        NOT NULL,
        webhook_id   uuid        NOT NULL,
        -- of the fact; what is told of one stream is told in this order
        pos          bigint      NOT NULL,
        stream_id    uuid        NOT NULL,
        type         text        NOT NULL,
        -- sent as it is, and signed
        body         text        NOT NULL,
        state        text        NOT NULL DEFAULT 'pending',
        attempts     int         NOT NULL DEFAULT 0,
        due_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
        lease        uuid,
        last_status  int,
        last_error   text,
        created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
        delivered_at timestamptz,
        CONSTRAINT webhook_delivery_pkey PRIMARY KEY (id),
        CONSTRAINT webhook_delivery_webhook FOREIGN KEY (webhook_id) REFERENCES webhook (id) ON DELETE CASCADE,
        CONSTRAINT webhook_delivery_once UNIQUE (webhook_id, pos),
        CONSTRAINT webhook_delivery_state CHECK (state IN ('pending', 'delivered', 'failed'))
      ) WITH (fillfactor = 70)`);
    await db.query(`CREATE INDEX webhook_delivery_due ON webhook_delivery (due_at) WHERE state = 'pending'`);
    await db.query(
      `CREATE INDEX webhook_delivery_stream ON webhook_delivery (webhook_id, stream_id, pos) WHERE state = 'pending'`,
    );
    await db.query('CREATE INDEX webhook_delivery_page ON webhook_delivery (webhook_id, id)');
    await db.query('CREATE INDEX webhook_delivery_age ON webhook_delivery (created_at)');
    await db.query(`
      CREATE TABLE webhook_attempt (
        delivery_id  uuid        NOT NULL,
        at           timestamptz NOT NULL DEFAULT clock_timestamp(),
        status       int,
        error        text,
        milliseconds int         NOT NULL,
        CONSTRAINT webhook_attempt_pkey PRIMARY KEY (delivery_id, at),
        CONSTRAINT webhook_attempt_delivery FOREIGN KEY (delivery_id) REFERENCES webhook_delivery (id) ON DELETE CASCADE
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE webhook_attempt, webhook_delivery, webhook');
  }
}
