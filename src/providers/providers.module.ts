import { Module } from '@nestjs/common';
import { PaymentNews } from './payment-news.service.js';
import { PaymentProviders } from './payment-providers.service.js';
import { SandboxController } from './sandbox.controller.js';
import { SandboxRepository } from './sandbox.repository.js';
import { SandboxService } from './sandbox.service.js';
import { SandboxProvider } from './sandbox-provider.service.js';

@Module({
  controllers: [SandboxController],
  providers: [PaymentNews, PaymentProviders, SandboxProvider, SandboxRepository, SandboxService],
  exports: [PaymentNews, PaymentProviders],
})
export class ProvidersModule {}
