import { Injectable } from '@nestjs/common';
import { Every } from '../jobs/jobs.decorators.js';
import { EventsService } from './events.service.js';

/** Longer than any payment that was begun before the end may take, so that none of them is turned away. */
const SECONDS_AFTER_END = 3_600;
const PIECE = 100;

@Injectable()
export class EventsJobs {
  constructor(private readonly events: EventsService) {}

  @Every({ name: 'events.complete', seconds: 60 })
  async complete(): Promise<void> {
    let completed = PIECE;
    while (completed === PIECE) completed = await this.events.complete(SECONDS_AFTER_END, PIECE);
  }
}
