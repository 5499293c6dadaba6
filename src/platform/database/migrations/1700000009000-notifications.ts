import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mail that waits to be sent, what people are told, and what of it they want. */
export class Notifications1700000009000 implements MigrationInterface {
  readonly name = 'Notifications1700000009000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE mail (
        id           uuid        NOT NULL,
        kind         text        NOT NULL,
        user_id      uuid        NOT NULL,
        -- what its text is made from when it is sent; emptied then
        data         jsonb       NOT NULL,
        bulk         boolean     NOT NULL,
        useful_until timestamptz,
        state        text        NOT NULL DEFAULT 'pending',
        attempts     int         NOT NULL DEFAULT 0,
        due_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
        lease        uuid,
        last_error   text,
        created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
        settled_at   timestamptz,
        CONSTRAINT mail_pkey PRIMARY KEY (id),
        CONSTRAINT mail_of_user FOREIGN KEY (user_id) REFERENCES app_user (id),
        CONSTRAINT mail_state CHECK (state IN ('pending', 'sent', 'dropped', 'failed')),
        CONSTRAINT mail_settled CHECK ((state = 'pending') = (settled_at IS NULL))
      ) WITH (fillfactor = 70)`);
    await db.query(`CREATE INDEX mail_due ON mail (bulk, due_at) WHERE state = 'pending'`);
    await db.query('CREATE INDEX mail_user ON mail (user_id, id)');
    await db.query('CREATE INDEX mail_settled_at ON mail (settled_at) WHERE settled_at IS NOT NULL');
    await db.query(`
      CREATE TABLE notification (
        user_id    uuid        NOT NULL,
        id         uuid        NOT NULL,
        kind       text        NOT NULL,
        -- what it is about, once: the fact that caused it, or the reminder of an event
        cause      text        NOT NULL,
        event_id   uuid,
        booking_id uuid,
        -- ids, moments and sums: what is needed to print it
        data       jsonb       NOT NULL,
        -- whether its person wanted it in the list; one that is not shown still counts as made
        shown      boolean     NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        read_at    timestamptz,
        CONSTRAINT notification_pkey PRIMARY KEY (user_id, id),
        CONSTRAINT notification_once UNIQUE (user_id, cause),
        CONSTRAINT notification_of_user FOREIGN KEY (user_id) REFERENCES app_user (id)
      )`);
    await db.query(
      'CREATE INDEX notification_unread ON notification (user_id, id) WHERE shown AND read_at IS NULL',
    );
    await db.query('CREATE INDEX notification_age ON notification (created_at)');
    await db.query(`
      CREATE TABLE notification_preference (
        user_id uuid    NOT NULL,
        kind    text    NOT NULL,
        in_app  boolean NOT NULL,
        mail    boolean NOT NULL,
        CONSTRAINT notification_preference_pkey PRIMARY KEY (user_id, kind),
        CONSTRAINT notification_preference_of_user FOREIGN KEY (user_id) REFERENCES app_user (id)
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE notification_preference, notification, mail');
  }
}
