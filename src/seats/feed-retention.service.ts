import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Background } from '../common/background.js';
import { FeedRepository } from './feed.repository.js';

const KEPT_HOURS = 24;
const KEPT_ROWS = 100_000;
/** Small enough that a piece holds no row for long and its WAL is nothing. */
const PIECE = 2_000;
const EVERY_MS = 60 * 60_000;

/** Forgets old feed rows: what is older than a day, or beyond 100,000 rows of an event. */
@Injectable()
export class FeedRetentionService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(FeedRetentionService.name);
  private readonly background = new Background();
  private timer: NodeJS.Timeout | undefined;
  private stopping = false;

  constructor(private readonly feed: FeedRepository) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(
      () => this.background.run('Trimming the seat feed', () => this.trim()),
      EVERY_MS,
    );
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    await this.background.drain();
  }

  async trim(): Promise<void> {
    for (const eventId of await this.feed.events()) {
      let deleted = 0;
      for (let piece = PIECE; piece === PIECE && !this.stopping; deleted += piece)
        piece = await this.feed.trim(eventId, KEPT_HOURS, KEPT_ROWS, PIECE);
      if (deleted > 0) this.log.log({ eventId, deleted }, 'Old feed rows deleted');
    }
  }
}
