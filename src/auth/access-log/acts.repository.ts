import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { correlationId } from '../../platform/common/request-context.js';
import { ActEntity } from './act.entity.js';
import { ActOutcomeEntity } from './act-outcome.entity.js';

export type NewAct = Omit<ActEntity, 'at' | 'eventId' | 'correlationId'>;

/** `act` and `act_outcome`: written once, never changed. */
@Injectable()
export class ActsRepository {
  constructor(
    @InjectRepository(ActEntity) private readonly acts: Repository<ActEntity>,
    @InjectRepository(ActOutcomeEntity) private readonly outcomes: Repository<ActOutcomeEntity>,
  ) {}

  async insert(act: NewAct): Promise<void> {
    await this.acts.insert({ ...act, correlationId: correlationId() });
  }

  async close(actId: string, status: number): Promise<void> {
    await this.outcomes.createQueryBuilder().insert().values({ actId, status }).orIgnore().execute();
  }
}
