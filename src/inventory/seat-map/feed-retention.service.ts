import { Injectable, Logger } from '@nestjs/common';
import { Every } from '../../platform/jobs/jobs.decorators.js';
import { FeedRepository } from './feed.repository.js';

const KEPT_HOURS = 24;
const KEPT_ROWS = 100_000;
/** Small enough that a piece takes a few milliseconds. */
const PURGE_BATCH_ROWS = 2_000;

/** Deletes feed rows that are older than a day, or beyond the newest 100,000 of an event. */
@Injectable()
export class FeedRetentionService {
  private readonly log = new Logger(FeedRetentionService.name);

  constructor(private readonly feed: FeedRepository) {}

  @Every({ name: 'seat-feed.forget-old', seconds: 3_600 })
  async forgetOld(): Promise<void> {
    for (const eventId of await this.feed.events()) {
      let deleted = 0;
      let piece: number;
      do {
        piece = await this.feed.trim(eventId, KEPT_HOURS, KEPT_ROWS, PURGE_BATCH_ROWS);
        deleted += piece;
      } while (piece === PURGE_BATCH_ROWS);
      if (deleted > 0) this.log.log({ eventId, deleted }, 'Old feed rows deleted');
    }
  }
}
