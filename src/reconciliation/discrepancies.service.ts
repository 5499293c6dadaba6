import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Principal } from '../auth/principal.js';
import { DomainError } from '../common/domain-error.js';
import { decodeCursor, encodeCursor } from '../common/schemas.js';
import { Meters } from '../observability/meters.service.js';
import { DiscrepanciesRepository, type DiscrepancyRecord } from './discrepancies.repository.js';
import type { DiscrepancyBody, DiscrepancyPage, DiscrepancyQuery } from './discrepancies.schemas.js';
import { DISCREPANCIES } from './reconciliation.rules.js';

const position = z.tuple([z.uuid()]);

/** Where a provider's books and ours differ: for administrators to settle. */
@Injectable()
export class Discrepancies {
  constructor(
    private readonly discrepancies: DiscrepanciesRepository,
    meters: Meters,
  ) {
    meters.installation(
      'payment_discrepancies',
      [
        {
          name: 'evently_payment_discrepancies',
          help: 'Open differences between the books of the payment provider and ours, by kind; must be zero',
        },
      ],
      async () => {
        const open = await discrepancies.open();
        const count = (kind: string) => open.find((found) => found.kind === kind)?.count ?? 0;
        return [DISCREPANCIES.map((kind) => ({ labels: { kind }, value: count(kind) }))];
      },
    );
  }

  /** Newest first. Errors: `invalid_cursor`. */
  async list({ limit, cursor, status }: DiscrepancyQuery): Promise<DiscrepancyPage> {
    const before = cursor === undefined ? null : decodeCursor(cursor, position)[0];
    const rows = await this.discrepancies.list(status ?? null, limit + 1, before);
    const shown = rows.slice(0, limit);
    return { data: shown.map(toBody), next: rows.length > limit ? encodeCursor([shown.at(-1)!.id]) : null };
  }

  /** Closes an entry; one that is closed stays as it is. Errors: `not_found`. */
  async resolve(admin: Principal, id: string, note: string): Promise<DiscrepancyBody> {
    const resolved = await this.discrepancies.resolve(id, note, admin.id);
    if (!resolved) throw new DomainError('not_found');
    return toBody(resolved);
  }
}

const toBody = ({ foundAt, resolvedAt, ...row }: DiscrepancyRecord): DiscrepancyBody => ({
  ...row,
  foundAt: foundAt.toISOString(),
  resolvedAt: resolvedAt?.toISOString() ?? null,
});
