import { Module } from '@nestjs/common';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryWorker } from './delivery-worker.service.js';
import { LeavingOrganizers } from './leaving-organizers.service.js';
import { WebhookIntake } from './webhook-intake.service.js';
import { WebhookSender } from './webhook-sender.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksRepository } from './webhooks.repository.js';
import { WebhooksService } from './webhooks.service.js';

@Module({
  controllers: [WebhooksController, DeliveriesController],
  providers: [
    WebhooksRepository,
    DeliveriesRepository,
    WebhooksService,
    DeliveriesService,
    DeliveryWorker,
    WebhookSender,
    WebhookIntake,
    LeavingOrganizers,
  ],
})
export class WebhooksModule {}
