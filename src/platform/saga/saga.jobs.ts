import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { Every } from '../jobs/jobs.decorators.js';
import { SagasRepository } from './sagas.repository.js';

// Reads the whole table, so not often.
const SECONDS = 6 * 3_600;
const PURGE_BATCH_ROWS = 2_000;

@Injectable()
export class SagaJobs {
  constructor(
    private readonly sagas: SagasRepository,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Every({ name: 'saga.forget-old', seconds: SECONDS })
  async forgetOld(): Promise<void> {
    while ((await this.sagas.forget(this.config.sagas.days, PURGE_BATCH_ROWS)) === PURGE_BATCH_ROWS);
  }
}
