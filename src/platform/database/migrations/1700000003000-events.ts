import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFunctions } from '../functions.js';

/** Events, their price tiers, and the projection that lists and searches read. */
export class Events1700000003000 implements MigrationInterface {
  readonly name = 'Events1700000003000';

  async up(db: QueryRunner): Promise<void> {
    await createFunctions(db, 'platform', ['search_fold']);
    await createFunctions(db, 'events', ['event_search']);
    await db.query(`
      CREATE TABLE event (
        id                    uuid        NOT NULL,
        organizer_id          uuid        NOT NULL,
        venue_id              uuid        NOT NULL,
        plan_id               uuid        NOT NULL,
        title                 text        NOT NULL,
        description           text        NOT NULL DEFAULT '',
        category              text        NOT NULL,
        status                text        NOT NULL DEFAULT 'draft',
        starts_at             timestamptz NOT NULL,
        ends_at               timestamptz NOT NULL,
        timezone              text        NOT NULL,
        currency              char(3)     NOT NULL,
        sale_starts_at        timestamptz,
        sale_ends_at          timestamptz,
        max_seats_per_booking int         NOT NULL DEFAULT 10,
        max_seats_per_buyer   int,
        hold_seconds          int         NOT NULL DEFAULT 600,
        -- see src/events/refund-policy.schemas.ts
        refund_policy         jsonb       NOT NULL DEFAULT '{"fullUntilHours": 0, "partialUntilHours": null,
          "partialPercent": 0, "feePerTicket": 0, "refundFees": true}',
        image_url             text,
        version               int         NOT NULL DEFAULT 1,
        published_at          timestamptz,
        cancelled_at          timestamptz,
        -- for those who had tickets
        cancellation_reason   text,
        created_at            timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at            timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT event_pkey PRIMARY KEY (id),
        CONSTRAINT event_venue FOREIGN KEY (venue_id) REFERENCES venue (id) ON DELETE RESTRICT,
        CONSTRAINT event_plan FOREIGN KEY (plan_id) REFERENCES seating_plan (id) ON DELETE RESTRICT,
        CONSTRAINT event_status CHECK (status IN ('draft', 'published', 'cancelled', 'completed')),
        CONSTRAINT event_published CHECK (status = 'draft' OR published_at IS NOT NULL),
        CONSTRAINT event_cancelled CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),
        CONSTRAINT event_times CHECK (starts_at < ends_at),
        CONSTRAINT event_sale_window CHECK (sale_starts_at < sale_ends_at AND sale_ends_at <= ends_at AND sale_starts_at < ends_at),
        CONSTRAINT event_seats_per_booking CHECK (max_seats_per_booking BETWEEN 1 AND 1000),
        CONSTRAINT event_seats_per_buyer CHECK (max_seats_per_buyer >= 1),
        CONSTRAINT event_hold_seconds CHECK (hold_seconds BETWEEN 30 AND 7200)
      )`);
    await db.query(`CREATE INDEX event_by_start ON event (starts_at, id) WHERE status = 'published'`);
    await db.query(
      `CREATE INDEX event_by_publishing ON event ((coalesce(published_at, created_at)), id) WHERE status = 'published'`,
    );
    await db.query(
      `CREATE INDEX event_by_title ON event ((left(search_fold(title), 100) COLLATE "C"), id) WHERE status = 'published'`,
    );
    await db.query(
      `CREATE INDEX event_by_category ON event (search_fold(category)) WHERE status = 'published'`,
    );
    await db.query('CREATE INDEX event_by_organizer ON event (organizer_id, starts_at, id)');
    await db.query('CREATE INDEX event_by_venue ON event (venue_id)');
    await db.query('CREATE INDEX event_by_plan ON event (plan_id)');
    await db.query(`
      CREATE TABLE price_tier (
        event_id   uuid     NOT NULL,
        no         smallint NOT NULL,
        name       text     NOT NULL,
        price      bigint   NOT NULL,
        category   smallint,
        area       smallint,
        -- name of that category or area; plans never change, so neither does it
        applies_to text     NOT NULL,
        CONSTRAINT price_tier_pkey PRIMARY KEY (event_id, no),
        CONSTRAINT price_tier_event FOREIGN KEY (event_id) REFERENCES event (id) ON DELETE CASCADE,
        CONSTRAINT price_tier_category UNIQUE (event_id, category),
        CONSTRAINT price_tier_area UNIQUE (event_id, area),
        CONSTRAINT price_tier_target CHECK (num_nonnulls(category, area) = 1),
        CONSTRAINT price_tier_price CHECK (price >= 0)
      )`);
    await db.query(refundPolicies);
    await createFunctions(db, 'events', ['refund_policy_passes']);
    await db.query(`
      CREATE TABLE event_listing (
        event_id    uuid     NOT NULL,
        venue_name  text     NOT NULL,
        city        text     NOT NULL,
        country     text     NOT NULL,
        from_price  bigint,
        places      int      NOT NULL DEFAULT 0,
        free_places int      NOT NULL DEFAULT 0,
        -- the feed's seq that free_places was counted at
        counted_seq bigint   NOT NULL DEFAULT 0,
        search      tsvector NOT NULL,
        CONSTRAINT event_listing_pkey PRIMARY KEY (event_id),
        CONSTRAINT event_listing_event FOREIGN KEY (event_id) REFERENCES event (id) ON DELETE CASCADE
      )`);
    await db.query('CREATE INDEX event_listing_search ON event_listing USING gin (search)');
    await db.query('CREATE INDEX event_listing_by_city ON event_listing (search_fold(city))');
    await db.query(
      'CREATE INDEX event_listing_by_price ON event_listing (coalesce(from_price, 9007199254740991), event_id)',
    );
    await createFunctions(db, 'events', ['event_listing_follows_venue']);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TRIGGER event_listing_follows_venue ON venue');
    await db.query('DROP TABLE event_listing, past_refund_policy, price_tier, event');
    await db.query(
      'DROP FUNCTION refund_policy_passes, event_listing_follows_venue, event_search, search_fold',
    );
  }
}

/** The policy in force when a booking was made can be found by its time, so that holds need not copy it. */
const refundPolicies = `
CREATE TABLE past_refund_policy (
  event_id uuid        NOT NULL,
  -- it was in force for bookings made before
  until    timestamptz NOT NULL,
  policy   jsonb       NOT NULL,
  CONSTRAINT past_refund_policy_pkey PRIMARY KEY (event_id, until),
  CONSTRAINT past_refund_policy_event FOREIGN KEY (event_id) REFERENCES event (id)
);`;
