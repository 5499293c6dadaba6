import { Module } from '@nestjs/common';
import { ReconciliationModule } from '../../payments/reconciliation/reconciliation.module.js';
import { InvariantsModule } from '../invariants/invariants.module.js';
import { OverviewController } from './overview.controller.js';
import { OverviewRepository } from './overview.repository.js';
import { OverviewService } from './overview.service.js';
import { TrendService } from './trend.service.js';

/** The first page of operators. */
@Module({
  imports: [InvariantsModule, ReconciliationModule],
  controllers: [OverviewController],
  providers: [OverviewService, OverviewRepository, TrendService],
})
export class OverviewModule {}
