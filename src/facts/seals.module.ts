import { Module } from '@nestjs/common';
import { SealsRepository } from './seals.repository.js';
import { Seals } from './seals.service.js';

/** Apart from the relay, so that a command can verify without delivering anything. */
@Module({ providers: [SealsRepository, Seals], exports: [Seals] })
export class SealsModule {}
