import { Injectable } from '@nestjs/common';
import { Every } from '../platform/jobs/jobs.decorators.js';
import { EventImagesService } from './event-images.service.js';
import { EventLifecycleService } from './event-lifecycle.service.js';

/** Seconds after the end, longer than a payment begun before the end may take, so that none is turned away. */
const SECONDS_AFTER_END = 3_600;
const BATCH_EVENTS = 100;
/** Mails and messengers go on showing a picture after its event has another. */
const IMAGES_KEPT_DAYS = 30;

@Injectable()
export class EventsJobs {
  constructor(
    private readonly lifecycle: EventLifecycleService,
    private readonly images: EventImagesService,
  ) {}

  @Every({ name: 'events.complete', seconds: 60 })
  async complete(): Promise<void> {
    let completed = BATCH_EVENTS;
    while (completed === BATCH_EVENTS)
      completed = await this.lifecycle.complete(SECONDS_AFTER_END, BATCH_EVENTS);
  }

  @Every({ name: 'events.forget-images', seconds: 3_600 })
  async removeImages(): Promise<void> {
    await this.images.removeUnused(IMAGES_KEPT_DAYS);
  }
}
