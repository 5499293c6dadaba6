import { Injectable } from '@nestjs/common';
import { Every } from '../../platform/jobs/jobs.decorators.js';
import { ChangesRepository } from './changes.repository.js';
import { InventoryService } from './inventory.service.js';

const EVENTS_A_ROUND = 100;
/** Keeps the feed row's lock for a few milliseconds at a time. */
const BOOKINGS_A_CALL = 100;

/** Ends overdue holds a little after their time, so that maps show their seats as free before anyone asks for them. */
@Injectable()
export class SweeperJobs {
  constructor(
    private readonly repository: ChangesRepository,
    private readonly inventory: InventoryService,
  ) {}

  @Every({ name: 'inventory.sweep', seconds: 2, duty: 'sweeping' })
  async sweep(): Promise<void> {
    for (const eventId of await this.repository.overdueEvents(EVENTS_A_ROUND)) {
      let ended = BOOKINGS_A_CALL;
      while (ended === BOOKINGS_A_CALL) ended = await this.inventory.sweep(eventId, BOOKINGS_A_CALL);
    }
  }
}
