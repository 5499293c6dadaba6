import { Injectable } from '@nestjs/common';
import type { QueryDeepPartialEntity } from 'typeorm';
import { now } from '../platform/database/clock.js';
import { DatabaseService } from '../platform/database/database.service.js';
import type { Tx } from '../platform/database/tx.js';
import { EventEntity } from './event.entity.js';
import type { EventChanges, EventRecord, EventStatus, NewEventRecord, PriceTier } from './event.rules.js';
import { PriceTierEntity } from './price-tier.entity.js';

/** Events and their price tiers. */
@Injectable()
export class EventsRepository {
  private readonly select: string;

  constructor(private readonly database: DatabaseService) {
    const columns = database.source
      .getMetadata(EventEntity)
      .columns.map(({ databaseName, propertyName }) => `e.${databaseName} AS "${propertyName}"`);
    // One statement, so that the tiers are those of this version of the event.
    this.select = `
      SELECT ${columns.join(', ')},
             COALESCE((SELECT json_agg(json_build_object('no', t.no, 'name', t.name, 'price', t.price,
                         'category', t.category, 'area', t.area, 'appliesTo', t.applies_to) ORDER BY t.no)
                         FROM price_tier t WHERE t.event_id = e.id), '[]') AS "priceTiers"
        FROM event e WHERE e.id = $1`;
  }

  async find(id: string): Promise<EventRecord | undefined> {
    const [row] = await this.database.statement<EventRecord>('event.find', this.select, [id]);
    return row;
  }

  async read(tx: Tx, id: string): Promise<EventRecord | undefined> {
    const [row] = await tx.query(this.select, [id]);
    return row;
  }

  async insert(tx: Tx, event: NewEventRecord): Promise<void> {
    await tx.insert(EventEntity, event);
  }

  /** Also makes the next version. @returns false when the event is not at `version` any more */
  async update(tx: Tx, id: string, version: number, changes: EventChanges): Promise<boolean> {
    const { affected } = await tx.update(EventEntity, { id, version }, { ...changes, ...NEXT_VERSION });
    return affected === 1;
  }

  /** @returns false when the event is not in state `from` */
  async move(
    tx: Tx,
    id: string,
    from: EventStatus[],
    to: EventStatus,
    reason: string | null,
  ): Promise<boolean> {
    const [, moved] = await tx.query(
      `UPDATE event SET status = $3, version = version + 1, updated_at = clock_timestamp(),
              published_at = COALESCE(published_at, CASE WHEN $3 = 'published' THEN clock_timestamp() END),
              cancelled_at = CASE WHEN $3 = 'cancelled' THEN clock_timestamp() END, cancellation_reason = $4
        WHERE id = $1 AND status = ANY ($2)`,
      [id, from, to, reason],
    );
    return moved === 1;
  }

  /** Pauses a sale, or gives a paused one another reason. @returns false when nothing changed */
  async pause(tx: Tx, id: string, reason: string | null): Promise<boolean> {
    const [, changed] = await tx.query(
      `UPDATE event SET sale_paused_at = COALESCE(sale_paused_at, clock_timestamp()), sale_pause_reason = $2,
              version = version + 1, updated_at = clock_timestamp()
        WHERE id = $1 AND status = 'published'
          AND (sale_paused_at IS NULL OR sale_pause_reason IS DISTINCT FROM $2)`,
      [id, reason],
    );
    return changed === 1;
  }

  /** Lets a paused sale go on. @returns false when nothing changed */
  async resume(tx: Tx, id: string): Promise<boolean> {
    const [, changed] = await tx.query(
      `UPDATE event SET sale_paused_at = NULL, sale_pause_reason = NULL,
              version = version + 1, updated_at = clock_timestamp()
        WHERE id = $1 AND status = 'published' AND sale_paused_at IS NOT NULL`,
      [id],
    );
    return changed === 1;
  }

  /**
   * Data that publishing depends on, locked until the transaction ends: places of the plan, capacity of the venue, and
   * whether the organisation has nobody left who owns it.
   */
  async lockStage(tx: Tx, id: string): Promise<{ places: number; capacity: number; organizerLeft: boolean }> {
    const [stage] = await tx.query(
      `SELECT p.place_count AS places, v.capacity, e.organizer_id AS organizer
         FROM event e JOIN venue v ON v.id = e.venue_id JOIN seating_plan p ON p.id = e.plan_id
        WHERE e.id = $1 FOR SHARE OF v`,
      [id],
    );
    const owners = await tx.query(
      'SELECT FROM member WHERE organisation_id = $1 AND owner AND ended_at IS NULL FOR SHARE',
      [stage.organizer],
    );
    return { places: stage.places, capacity: stage.capacity, organizerLeft: owners.length === 0 };
  }

  /** Published ones that ended at least so many seconds ago. */
  async over(seconds: number, limit: number): Promise<string[]> {
    const rows = await this.database.statement<{ id: string }>(
      'event.over',
      `SELECT id FROM event WHERE status = 'published' AND ends_at < clock_timestamp() - make_interval(secs => $1)
       ORDER BY ends_at LIMIT $2`,
      [seconds, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Which of these pictures an event has. */
  async imagesShown(tx: Tx, hashes: readonly string[]): Promise<string[]> {
    const rows: { hash: string }[] = await tx.query(
      `SELECT DISTINCT image ->> 'hash' AS hash FROM event WHERE image IS NOT NULL AND image ->> 'hash' = ANY ($1)`,
      [hashes],
    );
    return rows.map(({ hash }) => hash);
  }

  /** @returns false when it is not a draft */
  async deleteDraft(tx: Tx, id: string): Promise<boolean> {
    const { affected } = await tx.delete(EventEntity, { id, status: 'draft' });
    return affected === 1;
  }

  async replaceTiers(tx: Tx, eventId: string, tiers: readonly PriceTier[]): Promise<void> {
    await tx.delete(PriceTierEntity, { eventId });
    await tx.insert(
      PriceTierEntity,
      tiers.map((tier) => ({ ...tier, eventId })),
    );
  }
}

const NEXT_VERSION: QueryDeepPartialEntity<EventEntity> = {
  version: () => 'version + 1',
  updatedAt: now,
};
