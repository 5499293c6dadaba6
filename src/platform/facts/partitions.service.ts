import { Injectable } from '@nestjs/common';
import { MetersService } from '../observability/meters.service.js';
import { PartitionsRepository } from './partitions.repository.js';

/** Quarters ahead, a year: a partition made today is needed in three months at the earliest. */
const QUARTERS_AHEAD = 4;

@Injectable()
export class PartitionsService {
  constructor(
    private readonly partitions: PartitionsRepository,
    meters: MetersService,
  ) {
    meters.installation(
      'partitions',
      [
        {
          name: 'evently_partitions_ahead',
          help: 'Coming quarters that facts and the seat feed have a partition for',
        },
      ],
      async () => [[{ value: await this.partitions.countAhead() }]],
    );
  }

  makeAhead(): Promise<number> {
    return this.partitions.makeAhead(QUARTERS_AHEAD);
  }
}
