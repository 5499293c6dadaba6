import { Injectable } from '@nestjs/common';
import { Every } from '../../platform/jobs/jobs.decorators.js';
import { ChangesRepository } from './changes.repository.js';

const EVENTS_A_ROUND = 100;

/**
 * Keeps the number of free places that lists show. Counts changed events from scratch, because a lost delta would stay
 * lost. Runs by the clock and not by facts: a recount for every batch of facts took a fifth of the database's time
 * during a rush, and readers of lists noticed no difference.
 */
@Injectable()
export class RecountPlacesJobs {
  constructor(private readonly changes: ChangesRepository) {}

  @Every({ name: 'inventory.count-free-places', seconds: 1 })
  async recount(): Promise<void> {
    while ((await this.changes.recountFreePlaces(EVENTS_A_ROUND)) === EVENTS_A_ROUND);
  }
}
