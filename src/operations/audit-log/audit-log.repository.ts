import { Injectable } from '@nestjs/common';
import { DatabaseService, type StatementName } from '../../platform/database/database.service.js';
import type { ActBody, ActQuery, OrganisationActQuery } from './acts.schemas.js';

/** Acts that are asked for: of everybody, or of one organisation. */
export type ActFilter = Omit<ActQuery & OrganisationActQuery, 'limit' | 'cursor'> & {
  organisationId?: string;
};

/** The first that is given has an index; plans are made once for each, whatever the values. */
const NARROWING = ['eventId', 'actor', 'target', 'organisationId'] as const;
const NAMES = {
  eventId: 'act.page_of_event',
  actor: 'act.page_of_actor',
  target: 'act.page_on_target',
  organisationId: 'act.page_of_organisation',
} as const satisfies Record<(typeof NARROWING)[number], StatementName>;

/** Reads acts with the names that their ids have now: an act keeps ids only, so that erasing a person erases the name. */
@Injectable()
export class AuditLogRepository {
  constructor(private readonly database: DatabaseService) {}

  /** Newest first, before one if given. */
  page(filter: ActFilter, limit: number, before: string | null): Promise<ActBody[]> {
    const { actor, target, eventId, action, from, to, subject, organisationId } = filter;
    const narrowest = NARROWING.find((name) => filter[name] !== undefined);
    const only = (name: keyof ActFilter, column: string, value: string) =>
      name === narrowest ? `a.${column} = ${value}` : `(${value}::uuid IS NULL OR a.${column} = ${value})`;
    // Ids are unique across tables, so that one id is looked for in all of them by their keys.
    return this.database.statement<ActBody & Record<string, unknown>>(
      narrowest ? NAMES[narrowest] : 'act.page',
      `SELECT a.id, a.at, a.actor, coalesce(person.name, k.name || ' (' || maker.name || ')', k.name) AS "actorName", a.role, a.action, a.target, a.said,
              a.correlation_id AS "correlationId", o.status, p.currency,
              CASE WHEN e.id IS NOT NULL THEN json_build_object('kind', 'event', 'id', e.id, 'name', e.title)
                   WHEN v.id IS NOT NULL THEN json_build_object('kind', 'venue', 'id', v.id, 'name', v.name)
                   WHEN named.id IS NOT NULL THEN json_build_object('kind', 'account', 'id', named.id, 'name', named.name)
                   WHEN key.id IS NOT NULL THEN json_build_object('kind', 'key', 'id', key.id, 'name', key.name)
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
              LEFT JOIN app_user named ON named.id = a.subject
              LEFT JOIN api_key key ON key.id = a.subject
              LEFT JOIN venue v ON v.id = a.target
              LEFT JOIN app_user u ON u.id = a.target AND a.organisation_id IS DISTINCT FROM a.target
        WHERE ${only('actor', 'actor', '$1')} AND ${only('target', 'target', '$2')}
          AND ${only('eventId', 'event_id', '$3')} AND ($4::text IS NULL OR starts_with(a.action, $4))
          AND ($5::timestamptz IS NULL OR a.at >= $5) AND ($6::timestamptz IS NULL OR a.at < $6)
          AND ($7::uuid IS NULL OR a.id < $7) AND ${only('organisationId', 'organisation_id', '$9')}
          AND ($10::uuid IS NULL OR a.subject = $10)
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
        organisationId ?? null,
        subject ?? null,
      ],
    );
  }
}
