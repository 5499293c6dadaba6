import { Injectable } from '@nestjs/common';
import { IdempotencyService } from '../database/idempotency.service.js';
import { Every } from './jobs.decorators.js';

/** Regular jobs of the platform's own parts. */
@Injectable()
export class HousekeepingJobs {
  constructor(private readonly idempotency: IdempotencyService) {}

  @Every({ name: 'idempotency.forget-old', seconds: 600 })
  forgetIdempotencyKeys(): Promise<number> {
    return this.idempotency.forgetOld();
  }
}
