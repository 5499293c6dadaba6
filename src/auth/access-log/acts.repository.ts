import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { correlationId } from '../../platform/common/request-context.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { ActEntity } from './act.entity.js';
import { ActOutcomeEntity } from './act-outcome.entity.js';
import type { ActBody, ActQuery } from './acts.schemas.js';

export type NewAct = Pick<ActBody, 'id' | 'actor' | 'role' | 'action' | 'target' | 'said'>;

/** `act` and `act_outcome`: written once, never changed. */
@Injectable()
export class ActsRepository {
  constructor(
    @InjectRepository(ActEntity) private readonly acts: Repository<ActEntity>,
    @InjectRepository(ActOutcomeEntity) private readonly outcomes: Repository<ActOutcomeEntity>,
    private readonly database: DatabaseService,
  ) {}

  async insert(act: NewAct): Promise<void> {
    await this.acts.insert({ ...act, correlationId: correlationId() });
  }

  async close(actId: string, status: number): Promise<void> {
    await this.outcomes.createQueryBuilder().insert().values({ actId, status }).orIgnore().execute();
  }

  /** Newest first, before one if given. */
  page(
    { actor, target, action, from, to }: ActQuery,
    limit: number,
    before: string | null,
  ): Promise<ActBody[]> {
    return this.database.statement<ActBody & Record<string, unknown>>(
      'act.page',
      `SELECT a.id, a.at, a.actor, a.role, a.action, a.target, a.said, a.correlation_id AS "correlationId", o.status
         FROM act a LEFT JOIN act_outcome o ON o.act_id = a.id
        WHERE ($1::uuid IS NULL OR a.actor = $1) AND ($2::uuid IS NULL OR a.target = $2)
          AND ($3::text IS NULL OR starts_with(a.action, $3))
          AND ($4::timestamptz IS NULL OR a.at >= $4) AND ($5::timestamptz IS NULL OR a.at < $5)
          AND ($6::uuid IS NULL OR a.id < $6)
        ORDER BY a.id DESC LIMIT $7`,
      [actor ?? null, target ?? null, action ?? null, from ?? null, to ?? null, before, limit],
    );
  }
}
