import { Injectable } from '@nestjs/common';
import { Every } from '../jobs/jobs.decorators.js';
import { InventoryRepository } from './inventory.repository.js';

const EVENTS_A_ROUND = 100;

/**
 * Keeps the number of free places that lists show. Counts the events that changed, anew, because a delta lost would
 * stay lost. By the clock and not by facts: a recount for every batch of facts took a fifth of the database during a
 * rush, and no list is read more exactly for it.
 */
@Injectable()
export class FreePlacesJobs {
  constructor(private readonly inventory: InventoryRepository) {}

  @Every({ name: 'inventory.count-free-places', seconds: 1 })
  async recount(): Promise<void> {
    while ((await this.inventory.recountFreePlaces(EVENTS_A_ROUND)) === EVENTS_A_ROUND);
  }
}
