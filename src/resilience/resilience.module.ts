import { Global, Module } from '@nestjs/common';
import { Resilience } from './resilience.service.js';

@Global()
@Module({ providers: [Resilience], exports: [Resilience] })
export class ResilienceModule {}
