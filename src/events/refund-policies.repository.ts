import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../platform/database/database.service.js';
import type { EventStatus } from './event.rules.js';
import type { RefundPolicy } from './refund-policy.schemas.js';

/** Terms that decide about refunds of a booking. */
export interface RefundTerms {
  /** The database's clock. */
  now: Date;
  startsAt: Date;
  status: EventStatus;
  /** The policy of today. */
  policy: RefundPolicy;
  /** The one that was in force when the booking was made. */
  agreed: RefundPolicy;
}

@Injectable()
export class RefundPoliciesRepository {
  constructor(private readonly database: DatabaseService) {}

  async terms(eventId: string, bookedAt: Date): Promise<RefundTerms | undefined> {
    const rows = await this.database.statement<RefundTerms & Record<string, unknown>>(
      'event.refund_terms',
      `SELECT clock_timestamp() AS now, e.starts_at AS "startsAt", e.status, e.refund_policy AS policy,
         coalesce((SELECT p.policy FROM past_refund_policy p WHERE p.event_id = e.id AND p.until > $2
                   ORDER BY p.until LIMIT 1), e.refund_policy) AS agreed
       FROM event e WHERE e.id = $1`,
      [eventId, bookedAt],
    );
    return rows[0];
  }
}
