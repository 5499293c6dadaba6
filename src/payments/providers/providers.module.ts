import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PaymentNewsService } from './payment-news.service.js';
import { PaymentProvidersService } from './payment-providers.service.js';
import { SandboxController } from './sandbox.controller.js';
import { SandboxRepository } from './sandbox.repository.js';
import { SandboxService } from './sandbox.service.js';
import { SandboxChargeEntity } from './sandbox-charge.entity.js';
import { SandboxProviderService } from './sandbox-provider.service.js';
import { SandboxRefundEntity } from './sandbox-refund.entity.js';

@Module({
  imports: [TypeOrmModule.forFeature([SandboxChargeEntity, SandboxRefundEntity])],
  controllers: [SandboxController],
  providers: [
    PaymentNewsService,
    PaymentProvidersService,
    SandboxProviderService,
    SandboxRepository,
    SandboxService,
  ],
  exports: [PaymentNewsService, PaymentProvidersService],
})
export class ProvidersModule {}
