import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Rollups that the analytics read, made of facts by src/analytics/rollups.service.ts. Days and hours are local to the
 * event's place. A sale counts at the instant when its seats were held, a refund when it was paid.
 */
export class Analytics1700000020000 implements MigrationInterface {
  readonly name = 'Analytics1700000020000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE sales_day (
        event_id  uuid   NOT NULL,
        day       date   NOT NULL,
        holds     int    NOT NULL DEFAULT 0,
        orders    int    NOT NULL DEFAULT 0,
        released  int    NOT NULL DEFAULT 0,
        expired   int    NOT NULL DEFAULT 0,
        undone    int    NOT NULL DEFAULT 0,
        tickets   int    NOT NULL DEFAULT 0,
        -- of the tickets sold on this day
        cancelled int    NOT NULL DEFAULT 0,
        gross     bigint NOT NULL DEFAULT 0,
        -- on this day, whenever they were sold
        returned  int    NOT NULL DEFAULT 0,
        refunds   int    NOT NULL DEFAULT 0,
        refunded  bigint NOT NULL DEFAULT 0,
        -- the waitlist, by the day of joining
        joined    int    NOT NULL DEFAULT 0,
        wanted    int    NOT NULL DEFAULT 0,
        offered   int    NOT NULL DEFAULT 0,
        accepted  int    NOT NULL DEFAULT 0,
        declined  int    NOT NULL DEFAULT 0,
        missed    int    NOT NULL DEFAULT 0,
        gone      int    NOT NULL DEFAULT 0,
        closed    int    NOT NULL DEFAULT 0,
        CONSTRAINT sales_day_pkey PRIMARY KEY (event_id, day)
      ) WITH (fillfactor = 50)`);
    await db.query('CREATE INDEX sales_day_day ON sales_day (day)');
    await db.query(`
      CREATE TABLE sales_hour (
        event_id uuid        NOT NULL,
        -- when it began
        hour     timestamptz NOT NULL,
        holds    int         NOT NULL DEFAULT 0,
        orders   int         NOT NULL DEFAULT 0,
        tickets  int         NOT NULL DEFAULT 0,
        gross    bigint      NOT NULL DEFAULT 0,
        returned int         NOT NULL DEFAULT 0,
        refunded bigint      NOT NULL DEFAULT 0,
        CONSTRAINT sales_hour_pkey PRIMARY KEY (event_id, hour)
      ) WITH (fillfactor = 50)`);
    // For the minute in which an event was sold out.
    await db.query(`
      CREATE TABLE sales_minute (
        event_id uuid        NOT NULL,
        minute   timestamptz NOT NULL,
        sold     int         NOT NULL DEFAULT 0,
        returned int         NOT NULL DEFAULT 0,
        CONSTRAINT sales_minute_pkey PRIMARY KEY (event_id, minute)
      ) WITH (fillfactor = 70)`);
    await db.query(`
      CREATE TABLE sales_place (
        event_id uuid     NOT NULL,
        -- an area by its number, else a section by its
        is_area  boolean  NOT NULL,
        no       smallint NOT NULL,
        capacity int      NOT NULL DEFAULT 0,
        blocked  int      NOT NULL DEFAULT 0,
        sold     int      NOT NULL DEFAULT 0,
        returned int      NOT NULL DEFAULT 0,
        CONSTRAINT sales_place_pkey PRIMARY KEY (event_id, is_area, no)
      ) WITH (fillfactor = 50)`);
    await db.query(`
      CREATE TABLE sales_return (
        event_id uuid   NOT NULL,
        day      date   NOT NULL,
        -- that of the refund
        cause    text   NOT NULL,
        refunds  int    NOT NULL DEFAULT 0,
        tickets  int    NOT NULL DEFAULT 0,
        amount   bigint NOT NULL DEFAULT 0,
        CONSTRAINT sales_return_pkey PRIMARY KEY (event_id, day, cause)
      )`);
    await db.query('CREATE INDEX sales_return_day ON sales_return (day)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE sales_return, sales_place, sales_minute, sales_hour, sales_day');
    await db.query(`DELETE FROM fact_parked WHERE handler = 'analytics'`);
    await db.query(`DELETE FROM fact_cursor WHERE handler = 'analytics'`);
  }
}
