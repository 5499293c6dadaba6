import { Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import { Database } from '../database/database.service.js';
import type { Discrepancy, DiscrepancyKind } from './reconciliation.rules.js';

export const DISCREPANCY_STATUSES = ['open', 'repaired', 'resolved'] as const;
export type DiscrepancyStatus = (typeof DISCREPANCY_STATUSES)[number];

export interface DiscrepancyRecord extends Discrepancy {
  readonly id: string;
  readonly provider: string;
  readonly ref: string;
  readonly paymentId: string | null;
  readonly status: DiscrepancyStatus;
  readonly note: string | null;
  readonly resolvedBy: string | null;
  readonly foundAt: Date;
  readonly resolvedAt: Date | null;
}

type Row = DiscrepancyRecord & Record<string, unknown>;

const COLUMNS = `id, provider, kind, ref, payment_id AS "paymentId", expected, found, status, note,
  resolved_by AS "resolvedBy", found_at AS "foundAt", resolved_at AS "resolvedAt"`;

@Injectable()
export class DiscrepanciesRepository {
  constructor(private readonly database: Database) {}

  /** @returns false when this very difference was told before */
  async add(
    { kind, expected, found }: Discrepancy,
    about: { provider: string; ref: string; paymentId: string | null },
    status: 'open' | 'repaired',
  ): Promise<boolean> {
    const rows = await this.database.statement(
      'discrepancy.add',
      `INSERT INTO payment_discrepancy (id, provider, kind, ref, payment_id, expected, found, status)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id`,
      [newId(), about.provider, kind, about.ref, about.paymentId, expected, found, status],
    );
    return rows.length > 0;
  }

  /** Newest first. */
  list(status: DiscrepancyStatus | null, limit: number, before: string | null): Promise<DiscrepancyRecord[]> {
    return this.database.statement<Row>(
      'discrepancy.list',
      `SELECT ${COLUMNS} FROM payment_discrepancy
       WHERE ($1::text IS NULL OR status = $1) AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      [status, before, limit],
    );
  }

  /** The entry as it is then; one that is not open stays as it was. Undefined when there is none. */
  async resolve(id: string, note: string, by: string): Promise<DiscrepancyRecord | undefined> {
    await this.database.statement(
      'discrepancy.resolve',
      `UPDATE payment_discrepancy SET status = 'resolved', note = $2, resolved_by = $3, resolved_at = clock_timestamp()
       WHERE id = $1 AND status = 'open'`,
      [id, note, by],
    );
    const rows = await this.database.statement<Row>(
      'discrepancy.find',
      `SELECT ${COLUMNS} FROM payment_discrepancy WHERE id = $1`,
      [id],
    );
    return rows[0];
  }

  /** How many are open, by kind. */
  open(): Promise<{ kind: DiscrepancyKind; count: number }[]> {
    return this.database.statement(
      'discrepancy.open',
      `SELECT kind, count(*)::int AS count FROM payment_discrepancy WHERE status = 'open' GROUP BY kind`,
    );
  }
}
