import { Injectable } from '@nestjs/common';
import { Idempotency } from '../database/idempotency.service.js';
import { Every } from './jobs.decorators.js';

/** What the base parts need done from time to time. */
@Injectable()
export class HousekeepingJobs {
  constructor(private readonly idempotency: Idempotency) {}

  @Every({ name: 'idempotency.forget-old', seconds: 600 })
  forgetIdempotencyKeys(): Promise<number> {
    return this.idempotency.forgetOld();
  }
}
