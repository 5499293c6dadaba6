import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository } from 'typeorm';
import { newId } from '../../platform/common/ids.js';
import { now } from '../../platform/database/clock.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { DiscrepancyEntity } from './discrepancy.entity.js';
import type { Discrepancy, DiscrepancyKind } from './reconciliation.rules.js';

export const DISCREPANCY_STATUSES = ['open', 'repaired', 'resolved'] as const;
export type DiscrepancyStatus = (typeof DISCREPANCY_STATUSES)[number];

@Injectable()
export class DiscrepanciesRepository {
  constructor(
    @InjectRepository(DiscrepancyEntity) private readonly discrepancies: Repository<DiscrepancyEntity>,
    private readonly database: DatabaseService,
  ) {}

  /** @returns false when this very difference was told before */
  async add(
    { kind, expected, found }: Discrepancy,
    about: { provider: string; ref: string; paymentId: string | null },
    status: 'open' | 'repaired',
  ): Promise<boolean> {
    const { raw } = await this.discrepancies
      .createQueryBuilder()
      .insert()
      .values({ id: newId(), ...about, kind, expected, found, status })
      .orIgnore()
      .returning('id')
      .execute();
    return raw.length > 0;
  }

  /** Newest first. */
  list(status: DiscrepancyStatus | null, limit: number, before: string | null): Promise<DiscrepancyEntity[]> {
    return this.discrepancies.find({
      where: { ...(status !== null && { status }), ...(before !== null && { id: LessThan(before) }) },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  /** The entry as it is then; one that is not open stays as it was. Null when there is none. */
  async resolve(id: string, note: string, resolvedBy: string): Promise<DiscrepancyEntity | null> {
    const resolved = { status: 'resolved', note, resolvedBy, resolvedAt: now } as const;
    await this.discrepancies.update({ id, status: 'open' }, resolved);
    return this.discrepancies.findOneBy({ id });
  }

  /** How many are open, by kind. */
  open(): Promise<{ kind: DiscrepancyKind; count: number }[]> {
    return this.database.statement(
      'discrepancy.open',
      `SELECT kind, count(*)::int AS count FROM payment_discrepancy WHERE status = 'open' GROUP BY kind`,
    );
  }
}
