import { Module } from '@nestjs/common';
import { PAYMENT_PROVIDER } from './payment-provider.js';
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
    { provide: PAYMENT_PROVIDER, useExisting: SandboxProvider },
  ],
  exports: [PaymentsService],
})
export class PaymentsModule {}
