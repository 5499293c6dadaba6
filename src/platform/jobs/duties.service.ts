import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { decoratedMethods } from '../common/decorated-methods.js';
import { CONFIG, type Config } from '../config/config.js';
import { type Duty, dutiesOf } from './duties.rules.js';
import { ON_DUTY } from './duty.decorators.js';

/** Starts what works by itself on this replica: the `@OnDuty` methods of all providers. */
@Injectable()
export class DutiesService implements OnApplicationBootstrap {
  readonly mine: ReadonlySet<Duty>;

  constructor(
    private readonly discovery: DiscoveryService,
    @Inject(CONFIG) config: Config,
  ) {
    this.mine = dutiesOf(config);
  }

  onApplicationBootstrap(): void {
    for (const { metadata, call } of decoratedMethods<{ duty: Duty }>(this.discovery, ON_DUTY))
      if (this.mine.has(metadata.duty)) call();
  }
}
