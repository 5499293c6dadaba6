import { Module } from '@nestjs/common';
import { PaymentNews } from './payment-news.service.js';
import { PaymentProviders } from './payment-providers.service.js';
import { PaymentsController } from './payments.controller.js';
import { PaymentsRepository } from './payments.repository.js';
import { PaymentsService } from './payments.service.js';
import { SandboxRepository } from './sandbox.repository.js';
import { SandboxService } from './sandbox.service.js';
import { SandboxProvider } from './sandbox-provider.service.js';

@Module({
  controllers: [PaymentsController],
  providers: [
    PaymentsRepository,
    PaymentsService,
    SandboxRepository,
    SandboxProvider,
    SandboxService,
    PaymentNews,
    PaymentProviders,
  ],
  exports: [PaymentsService, PaymentProviders, PaymentNews],
})
export class PaymentsModule {}
