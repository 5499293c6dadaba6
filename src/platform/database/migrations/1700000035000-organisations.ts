import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createFunctions } from '../functions.js';

/**
 * Organisations, their members and keys. Each organizer and administrator becomes the owner of an organisation with the id of
 * the account, so that venues, events and webhooks keep their `organizer_id`.
 */
export class Organisations1700000035000 implements MigrationInterface {
  readonly name = 'Organisations1700000035000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE organisation (
        id         uuid        NOT NULL,
        name       text        NOT NULL,
        address    text        NOT NULL DEFAULT '',
        website    text,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        version    int         NOT NULL DEFAULT 1,
        CONSTRAINT organisation_pkey PRIMARY KEY (id)
      )`);
    await db.query(`
      CREATE TABLE member (
        organisation_id         uuid        NOT NULL,
        user_id                 uuid        NOT NULL,
        owner                   boolean     NOT NULL DEFAULT false,
        permissions             text[]      NOT NULL DEFAULT '{}',
        -- null: all events of the organisation
        events                  uuid[],
        ownership_offered_by    uuid,
        ownership_offered_until timestamptz,
        joined_at               timestamptz NOT NULL DEFAULT clock_timestamp(),
        changed_at              timestamptz NOT NULL DEFAULT clock_timestamp(),
        version                 int         NOT NULL DEFAULT 1,
        -- kept when it has ended, so that every replica learns of the end
        ended_at                timestamptz,
        CONSTRAINT member_pkey PRIMARY KEY (organisation_id, user_id),
        CONSTRAINT member_of_organisation FOREIGN KEY (organisation_id) REFERENCES organisation (id),
        CONSTRAINT member_is_user FOREIGN KEY (user_id) REFERENCES app_user (id),
        CONSTRAINT member_permissions CHECK (permissions <@ ARRAY['events', 'prices', 'people', 'refunds', 'money', 'box-office',
                                                                  'door', 'settings', 'members']),
        CONSTRAINT member_offer_whole CHECK (num_nulls(ownership_offered_by, ownership_offered_until) IN (0, 2)),
        CONSTRAINT member_ended_has_nothing CHECK (
          ended_at IS NULL OR (NOT owner AND permissions = '{}' AND events IS NULL AND ownership_offered_by IS NULL))
      )`);
    await db.query('CREATE INDEX member_user_id ON member (user_id)');
    await db.query('CREATE INDEX member_changed_at ON member (changed_at)');
    await db.query(`
      CREATE TABLE invitation (
        id              uuid        NOT NULL,
        organisation_id uuid        NOT NULL,
        email           text        NOT NULL,
        permissions     text[]      NOT NULL,
        events          uuid[],
        invited_by      uuid        NOT NULL,
        -- SHA-256 of the token in the newest mail; null until it is sent
        token_hash      bytea,
        created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
        expires_at      timestamptz NOT NULL,
        CONSTRAINT invitation_pkey PRIMARY KEY (id),
        CONSTRAINT invitation_of_organisation FOREIGN KEY (organisation_id) REFERENCES organisation (id)
      )`);
    await db.query('CREATE UNIQUE INDEX invitation_once ON invitation (organisation_id, lower(email))');
    await db.query(
      'CREATE INDEX invitation_token_hash ON invitation (token_hash) WHERE token_hash IS NOT NULL',
    );
    await db.query('CREATE INDEX invitation_email ON invitation (lower(email))');
    await db.query('CREATE INDEX invitation_expires_at ON invitation (expires_at)');
    await db.query(`
      CREATE TABLE api_key (
        id              uuid        NOT NULL,
        organisation_id uuid        NOT NULL,
        name            text        NOT NULL,
        -- SHA-256 of the key, which is kept nowhere
        hash            bytea       NOT NULL,
        ending          text        NOT NULL,
        permissions     text[]      NOT NULL,
        events          uuid[],
        created_by      uuid        NOT NULL,
        created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
        expires_at      timestamptz,
        last_used_at    timestamptz,
        -- kept when it has ended, so that every replica learns of the end
        ended_at        timestamptz,
        changed_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
        version         int         NOT NULL DEFAULT 1,
        CONSTRAINT api_key_pkey PRIMARY KEY (id),
        CONSTRAINT api_key_of_organisation FOREIGN KEY (organisation_id) REFERENCES organisation (id)
      )`);
    await db.query('CREATE UNIQUE INDEX api_key_hash ON api_key (hash)');
    await db.query('CREATE INDEX api_key_by_organisation ON api_key (organisation_id, id)');
    await db.query('CREATE INDEX api_key_changed_at ON api_key (changed_at)');
    await db.query(`
      INSERT INTO organisation (id, name)
      SELECT u.id, coalesce(u.name, '') FROM app_user u
       WHERE u.role <> 'user' OR EXISTS (SELECT FROM venue v WHERE v.organizer_id = u.id)
          OR EXISTS (SELECT FROM event e WHERE e.organizer_id = u.id)
          OR EXISTS (SELECT FROM webhook w WHERE w.organizer_id = u.id)`);
    await db.query(`
      INSERT INTO member (organisation_id, user_id, owner) SELECT id, id, true FROM app_user WHERE role <> 'user'`);
    await createFunctions(db, 'auth', ['membership_follows_role', 'role_follows_membership']);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TRIGGER membership_follows_role ON app_user');
    await db.query('DROP TABLE api_key, invitation, member, organisation');
    await db.query('DROP FUNCTION membership_follows_role, role_follows_membership');
  }
}
