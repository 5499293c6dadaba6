import { Injectable } from '@nestjs/common';
import { Every } from '../jobs/jobs.decorators.js';
import { SealsService } from './seals.service.js';

@Injectable()
export class SealsJobs {
  constructor(private readonly seals: SealsService) {}

  @Every({ name: 'seal-facts', seconds: 60 })
  seal() {
    return this.seals.seal();
  }
}
