import { Module } from '@nestjs/common';
import { SealsRepository } from './seals.repository.js';
import { SealsService } from './seals.service.js';

/** Apart from the relay, so that a command can verify without delivering anything. */
@Module({ providers: [SealsRepository, SealsService], exports: [SealsService] })
export class SealsModule {}
