import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PaymentsModule } from '../payments/payments.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { BooksRepository } from './books.repository.js';
import { DiscrepanciesController } from './discrepancies.controller.js';
import { DiscrepanciesRepository } from './discrepancies.repository.js';
import { DiscrepanciesService } from './discrepancies.service.js';
import { DiscrepancyEntity } from './discrepancy.entity.js';
import { ProviderEventEntity } from './provider-event.entity.js';
import { ProviderEventsRepository } from './provider-events.repository.js';
import { ProviderEventsService } from './provider-events.service.js';
import { ReconciledEntity } from './reconciled.entity.js';
import { ReconciliationJobs } from './reconciliation.jobs.js';
import { ReconciliationService } from './reconciliation.service.js';
import { WebhooksController } from './webhooks.controller.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([DiscrepancyEntity, ProviderEventEntity, ReconciledEntity]),
    PaymentsModule,
    ProvidersModule,
  ],
  controllers: [DiscrepanciesController, WebhooksController],
  providers: [
    BooksRepository,
    DiscrepanciesRepository,
    ProviderEventsRepository,
    ReconciliationService,
    ReconciliationJobs,
    DiscrepanciesService,
    ProviderEventsService,
  ],
  exports: [DiscrepanciesService],
})
export class ReconciliationModule {}
