import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service.js';
import type { Tx } from '../database/tx.js';
import type { NewWebhook, WebhookChanges } from './webhooks.schemas.js';

export interface WebhookRecord {
  id: string;
  organizerId: string;
  url: string;
  facts: string[];
  description: string | null;
  active: boolean;
  disabledReason: string | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

const COLUMNS = `id, organizer_id AS "organizerId", url, facts, description, active,
  disabled_reason AS "disabledReason", version, created_at AS "createdAt", updated_at AS "updatedAt"`;

type Row = WebhookRecord & Record<string, unknown>;

@Injectable()
export class WebhooksRepository {
  constructor(private readonly database: Database) {}

  ofOrganizer(organizerId: string): Promise<WebhookRecord[]> {
    return this.database.statement<Row>(
      'webhook.of_organizer',
      `SELECT ${COLUMNS} FROM webhook WHERE organizer_id = $1 ORDER BY id`,
      [organizerId],
    );
  }

  async find(id: string): Promise<WebhookRecord | undefined> {
    const rows = await this.database.statement<Row>(
      'webhook.find',
      `SELECT ${COLUMNS} FROM webhook WHERE id = $1`,
      [id],
    );
    return rows[0];
  }

  /** Two requests of one organizer take turns, so that a limit on their number holds. */
  async lockOwner(tx: Tx, organizerId: string): Promise<number> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 2))', [organizerId]);
    const [row] = await tx.query('SELECT count(*)::int AS count FROM webhook WHERE organizer_id = $1', [
      organizerId,
    ]);
    return row.count;
  }

  async insert(
    tx: Tx,
    id: string,
    organizerId: string,
    fields: NewWebhook,
    secret: Buffer,
  ): Promise<WebhookRecord> {
    const [row] = await tx.query(
      `INSERT INTO webhook (id, organizer_id, url, facts, description, secret) VALUES ($1, $2, $3, $4, $5, $6)
       RETURNING ${COLUMNS}`,
      [id, organizerId, fields.url, fields.facts, fields.description ?? null, secret],
    );
    return row;
  }

  /** Switching it on forgets why it was off. @returns undefined when the version is not the current one */
  async update(
    tx: Tx,
    id: string,
    version: number,
    changes: WebhookChanges,
  ): Promise<WebhookRecord | undefined> {
    const [[row]] = await tx.query(
      `UPDATE webhook SET url = coalesce($3, url), facts = coalesce($4, facts),
         description = CASE WHEN $5 THEN $6 ELSE description END, active = coalesce($7, active),
         disabled_reason = CASE WHEN $7 THEN NULL ELSE disabled_reason END,
         failing_since = CASE WHEN $7 THEN NULL ELSE failing_since END,
         failures = CASE WHEN $7 THEN 0 ELSE failures END,
         resting_until = CASE WHEN $7 THEN NULL ELSE resting_until END,
         version = version + 1, updated_at = clock_timestamp()
       WHERE id = $1 AND version = $2 RETURNING ${COLUMNS}`,
      [
        id,
        version,
        changes.url ?? null,
        changes.facts ?? null,
        'description' in changes,
        changes.description ?? null,
        changes.active ?? null,
      ],
    );
    return row;
  }

  /** The old one signs along for a day. */
  async changeSecret(tx: Tx, id: string, secret: Buffer): Promise<WebhookRecord | undefined> {
    const [[row]] = await tx.query(
      `UPDATE webhook SET old_secret = secret, old_until = clock_timestamp() + interval '1 day', secret = $2,
         version = version + 1, updated_at = clock_timestamp()
       WHERE id = $1 RETURNING ${COLUMNS}`,
      [id, secret],
    );
    return row;
  }

  /** @returns false when it was gone already */
  async delete(tx: Tx, id: string): Promise<boolean> {
    const [, count] = await tx.query('DELETE FROM webhook WHERE id = $1', [id]);
    return count > 0;
  }

  async deleteOf(tx: Tx, organizerId: string): Promise<void> {
    await tx.query('DELETE FROM webhook WHERE organizer_id = $1', [organizerId]);
  }
}
