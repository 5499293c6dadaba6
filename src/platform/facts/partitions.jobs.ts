import { Injectable } from '@nestjs/common';
import { Every } from '../jobs/jobs.decorators.js';
import { PartitionsService } from './partitions.service.js';

@Injectable()
export class PartitionsJobs {
  constructor(private readonly partitions: PartitionsService) {}

  @Every({ name: 'make-partitions', seconds: 3_600 })
  async makeAhead(): Promise<void> {
    await this.partitions.makeAhead();
  }
}
