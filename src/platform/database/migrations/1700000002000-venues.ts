import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFunctions } from '../functions.js';

/** Venues and their seating plans. */
export class Venues1700000002000 implements MigrationInterface {
  readonly name = 'Venues1700000002000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE venue (
        id           uuid        NOT NULL,
        organizer_id uuid        NOT NULL,
        name         text        NOT NULL,
        address      text        NOT NULL,
        city         text        NOT NULL,
        country      char(2)     NOT NULL,
        timezone     text        NOT NULL,
        capacity     int         NOT NULL,
        description  text,
        version      int         NOT NULL DEFAULT 1,
        created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT venue_pkey PRIMARY KEY (id),
        CONSTRAINT venue_capacity_positive CHECK (capacity > 0)
      )`);
    await db.query('CREATE INDEX venue_name ON venue (name, id)');
    await db.query('CREATE INDEX venue_city ON venue (lower(city))');
    await db.query('CREATE INDEX venue_organizer ON venue (organizer_id)');
    await db.query(`
      CREATE TABLE seating_plan (
        id          uuid        NOT NULL,
        venue_id    uuid        NOT NULL,
        version     int         NOT NULL,
        name        text        NOT NULL,
        seat_count  int         NOT NULL,
        place_count int         NOT NULL,
        -- the JSON as it was sent: jsonb would lose the order of keys and the form of numbers
        document    text        NOT NULL,
        accessible  jsonb       NOT NULL,
        areas       jsonb       NOT NULL,
        -- read whole, never searched: json of 50,000 seats is written in 130 ms, jsonb in 370
        layout      json        NOT NULL,
        created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT seating_plan_pkey PRIMARY KEY (id),
        CONSTRAINT seating_plan_venue FOREIGN KEY (venue_id) REFERENCES venue (id) ON DELETE CASCADE,
        CONSTRAINT seating_plan_version UNIQUE (venue_id, version),
        CONSTRAINT seating_plan_counts CHECK (seat_count >= 0 AND place_count >= seat_count AND place_count > 0)
      )`);
    await createFunctions(db, 'venues', ['seating_plan_is_immutable']);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE seating_plan, venue');
    await db.query('DROP FUNCTION seating_plan_is_immutable');
  }
}
