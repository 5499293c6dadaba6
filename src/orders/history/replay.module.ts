import { Module } from '@nestjs/common';
import { EventFactsRepository } from './event-facts.repository.js';
import { ReplayRepository } from './replay.repository.js';
import { ReplayService } from './replay.service.js';

/** Replay of the facts, for the command that compares it with the tables. */
@Module({
  providers: [EventFactsRepository, ReplayRepository, ReplayService],
  exports: [EventFactsRepository, ReplayService],
})
export class ReplayModule {}
