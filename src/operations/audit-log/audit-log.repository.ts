import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { ActBody, ActQuery } from './acts.schemas.js';

/** Reads acts with the names that their ids have now: an act keeps ids only, so that erasing a person erases the name. */
@Injectable()
export class AuditLogRepository {
  constructor(private readonly database: DatabaseService) {}

  /** Newest first, before one if given. */
  page(
    { actor, target, eventId, action, from, to }: ActQuery,
    limit: number,
    before: string | null,
  ): Promise<ActBody[]> {
    // Ids are unique across tables, so that one id is looked for in all of them by their keys.
    return this.database.statement<ActBody & Record<string, unknown>>(
      'act.page',
      `SELECT a.id, a.at, a.actor, coalesce(person.name, k.name || ' (' || maker.name || ')', k.name) AS "actorName", a.role, a.action, a.target, a.said,
              a.correlation_id AS "correlationId", o.status, p.currency,
              CASE WHEN e.id IS NOT NULL THEN json_build_object('kind', 'event', 'id', e.id, 'name', e.title)
                   WHEN v.id IS NOT NULL THEN json_build_object('kind', 'venue', 'id', v.id, 'name', v.name)
                   WHEN u.id IS NOT NULL THEN json_build_object('kind', 'account', 'id', u.id, 'name', u.name) END AS about
         FROM act a LEFT JOIN act_outcome o ON o.act_id = a.id
              LEFT JOIN app_user person ON person.id = a.actor
              LEFT JOIN api_key k ON k.id = a.actor
              LEFT JOIN app_user maker ON maker.id = k.created_by
              LEFT JOIN refund r ON r.id = a.target
              LEFT JOIN payment p ON p.id = coalesce(r.payment_id, a.target)
              LEFT JOIN booking b ON b.id = coalesce(p.booking_id, a.target)
              LEFT JOIN saga s ON s.id = a.target
              LEFT JOIN event e ON e.id = coalesce(b.event_id, s.event_id, a.target)
              LEFT JOIN venue v ON v.id = a.target
              LEFT JOIN app_user u ON u.id = a.target
        WHERE ($1::uuid IS NULL OR a.actor = $1) AND ($2::uuid IS NULL OR a.target = $2)
          AND ($3::uuid IS NULL OR e.id = $3) AND ($4::text IS NULL OR starts_with(a.action, $4))
          AND ($5::timestamptz IS NULL OR a.at >= $5) AND ($6::timestamptz IS NULL OR a.at < $6)
          AND ($7::uuid IS NULL OR a.id < $7)
        ORDER BY a.id DESC LIMIT $8`,
      [
        actor ?? null,
        target ?? null,
        eventId ?? null,
        action ?? null,
        from ?? null,
        to ?? null,
        before,
        limit,
      ],
    );
  }
}
