import { Module } from '@nestjs/common';
import { DemoPastRepository } from './demo-past.repository.js';

/** Parts of a demo that the product lacks. */
@Module({ providers: [DemoPastRepository] })
export class DemoModule {}
