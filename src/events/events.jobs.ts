import { Injectable } from '@nestjs/common';
import { Every } from '../jobs/jobs.decorators.js';
import { EventLifecycle } from './event-lifecycle.service.js';

/** Longer than any payment that was begun before the end may take, so that none of them is turned away. */
const SECONDS_AFTER_END = 3_600;
const PIECE = 100;

@Injectable()
export class EventsJobs {
  constructor(private readonly lifecycle: EventLifecycle) {}

  @Every({ name: 'events.complete', seconds: 60 })
  async complete(): Promise<void> {
    let completed = PIECE;
    while (completed === PIECE) completed = await this.lifecycle.complete(SECONDS_AFTER_END, PIECE);
  }
}
