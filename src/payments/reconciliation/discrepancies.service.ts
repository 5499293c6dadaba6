import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { readPageById } from '../../platform/common/pages.js';
import { MetersService } from '../../platform/observability/meters.service.js';
import { DiscrepanciesRepository } from './discrepancies.repository.js';
import type { DiscrepancyBody, DiscrepancyPage, DiscrepancyQuery } from './discrepancies.schemas.js';
import type { DiscrepancyEntity } from './discrepancy.entity.js';
import { DISCREPANCIES } from './reconciliation.rules.js';

/** Where a provider's books and ours differ: for administrators to settle. */
@Injectable()
export class DiscrepanciesService {
  constructor(
    private readonly discrepancies: DiscrepanciesRepository,
    meters: MetersService,
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
  async list({ status, ...query }: DiscrepancyQuery): Promise<DiscrepancyPage> {
    const page = await readPageById(query, (count, before) =>
      this.discrepancies.list(status ?? null, count, before),
    );
    return { ...page, data: page.data.map(toBody) };
  }

  /** How many are open. */
  async open(): Promise<number> {
    const open = await this.discrepancies.open();
    return open.reduce((sum, { count }) => sum + count, 0);
  }

  /** Closes an entry; one that is closed stays as it is. Errors: `not_found`. */
  async resolve(admin: Principal, id: string, note: string): Promise<DiscrepancyBody> {
    const resolved = await this.discrepancies.resolve(id, note, admin.id);
    if (!resolved) throw new DomainError('not_found');
    return toBody(resolved);
  }
}

const toBody = ({ foundAt, resolvedAt, ...row }: DiscrepancyEntity): DiscrepancyBody => ({
  ...row,
  foundAt: foundAt.toISOString(),
  resolvedAt: resolvedAt?.toISOString() ?? null,
});
