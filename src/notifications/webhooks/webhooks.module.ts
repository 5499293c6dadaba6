import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PaymentsModule } from '../../payments/payments/payments.module.js';
import { AttemptEntity } from './attempt.entity.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryEntity } from './delivery.entity.js';
import { DeliveryWorkerService } from './delivery-worker.service.js';
import { LeavingOrganizersService } from './leaving-organizers.service.js';
import { WebhookEntity } from './webhook.entity.js';
import { WebhookIntakeService } from './webhook-intake.service.js';
import { WebhookSender } from './webhook-sender.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksRepository } from './webhooks.repository.js';
import { WebhooksService } from './webhooks.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([AttemptEntity, DeliveryEntity, WebhookEntity]), PaymentsModule],
  controllers: [WebhooksController, DeliveriesController],
  providers: [
    WebhooksRepository,
    DeliveriesRepository,
    WebhooksService,
    DeliveriesService,
    DeliveryWorkerService,
    WebhookSender,
    WebhookIntakeService,
    LeavingOrganizersService,
  ],
})
export class WebhooksModule {}
