import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { SessionsService } from '../auth/sessions.service.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';

const HOUR_MS = 3_600_000;

/** Deletes what is over: nothing depends on it but the size of the tables. */
@Injectable()
export class HousekeepingService implements OnModuleInit, OnModuleDestroy {
  private readonly log = new Logger(HousekeepingService.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly sessions: SessionsService,
    private readonly links: OneTimeTokensRepository,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.run(), HOUR_MS).unref();
  }

  async run(): Promise<void> {
    try {
      await this.sessions.purge();
      await this.links.purge();
    } catch (error) {
      this.log.warn({ err: error }, 'Old sessions could not be deleted; trying again in an hour');
    }
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }
}
