import { Module } from '@nestjs/common';
import { PaymentsModule } from '../payments/payments.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { BooksRepository } from './books.repository.js';
import { DiscrepanciesController } from './discrepancies.controller.js';
import { DiscrepanciesRepository } from './discrepancies.repository.js';
import { Discrepancies } from './discrepancies.service.js';
import { ProviderEventsRepository } from './provider-events.repository.js';
import { ProviderEvents } from './provider-events.service.js';
import { ReconciliationJobs } from './reconciliation.jobs.js';
import { Reconciliation } from './reconciliation.service.js';
import { WebhooksController } from './webhooks.controller.js';

@Module({
  imports: [PaymentsModule, ProvidersModule],
  controllers: [DiscrepanciesController, WebhooksController],
  providers: [
    BooksRepository,
    DiscrepanciesRepository,
    ProviderEventsRepository,
    Reconciliation,
    ReconciliationJobs,
    Discrepancies,
    ProviderEvents,
  ],
})
export class ReconciliationModule {}
