import { Injectable } from '@nestjs/common';
import { Every } from '../jobs/jobs.decorators.js';
import { Partitions } from './partitions.service.js';

@Injectable()
export class PartitionsJobs {
  constructor(private readonly partitions: Partitions) {}

  @Every({ name: 'make-partitions', seconds: 3_600 })
  async makeAhead(): Promise<void> {
    await this.partitions.makeAhead();
  }
}
