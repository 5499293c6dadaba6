import { Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { HealthRepository } from './health.repository.js';

const TIMEOUT_MS = 3_000;
/** Milliseconds that an answer is reused: everybody may ask, and a flood of requests must not take up connections. */
const CACHE_MS = 1_000;

/** Whether the database answers, with its state and how long it took. */
@Injectable()
export class DatabaseIndicator {
  constructor(
    private readonly repository: HealthRepository,
    private readonly indicators: HealthIndicatorService,
  ) {}

  check() {
    return this.indicators
      .check('database')
      .attempt(() => this.look())
      .withTimeout(TIMEOUT_MS)
      .cacheFor(CACHE_MS);
  }

  private async look() {
    const began = performance.now();
    const state = await this.repository.state();
    return { state, latencyMs: Math.round((performance.now() - began) * 100) / 100 };
  }
}
