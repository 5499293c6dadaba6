import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { LOCK_SEEDS } from '../../platform/database/advisory-locks.js';
import type { Tx } from '../../platform/database/tx.js';
import { WebhookEntity } from './webhook.entity.js';
import type { NewWebhook, WebhookChanges } from './webhooks.schemas.js';

/** A webhook as its owner sees it. */
export type WebhookRecord = Omit<
  WebhookEntity,
  'secret' | 'oldSecret' | 'oldUntil' | 'failingSince' | 'failures' | 'restingUntil'
>;

const COLUMNS = `id, organizer_id AS "organizerId", url, facts, description, active,
  disabled_reason AS "disabledReason", version, created_at AS "createdAt", updated_at AS "updatedAt"`;

@Injectable()
export class WebhooksRepository {
  constructor(@InjectRepository(WebhookEntity) private readonly webhooks: Repository<WebhookEntity>) {}

  ofOrganizer(organizerId: string): Promise<WebhookRecord[]> {
    return this.webhooks.find({ where: { organizerId }, order: { id: 'ASC' } });
  }

  find(id: string): Promise<WebhookRecord | null> {
    return this.webhooks.findOneBy({ id });
  }

  /** Two requests of one organizer take turns, so that a limit on their number holds. */
  async lockOwner(tx: Tx, organizerId: string): Promise<number> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, $2))', [
      organizerId,
      LOCK_SEEDS.webhooksOfOrganizer,
    ]);
    return tx.countBy(WebhookEntity, { organizerId });
  }

  async insert(
    tx: Tx,
    id: string,
    organizerId: string,
    fields: NewWebhook,
    secret: Buffer,
  ): Promise<WebhookRecord> {
    const row = { ...fields, id, organizerId, description: fields.description ?? null, disabledReason: null };
    const { generatedMaps } = await tx.insert(WebhookEntity, { ...row, secret });
    return { ...row, ...generatedMaps[0] } as WebhookRecord;
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
    return (await tx.delete(WebhookEntity, { id })).affected === 1;
  }

  async deleteOf(tx: Tx, organizerId: string): Promise<void> {
    await tx.delete(WebhookEntity, { organizerId });
  }
}
