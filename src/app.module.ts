import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { AccountsModule } from './accounts/accounts.module.js';
import { AnalyticsModule } from './analytics/analytics.module.js';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { BookingsModule } from './bookings/bookings.module.js';
import { CacheModule } from './cache/cache.module.js';
import { CancellationModule } from './cancellation/cancellation.module.js';
import { CheckoutModule } from './checkout/checkout.module.js';
import { ProblemFilter } from './common/problem.filter.js';
import { SchemaPipe } from './common/schema.pipe.js';
import type { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import { EventsModule } from './events/events.module.js';
import { FactsModule } from './facts/facts.module.js';
import { HealthModule } from './health/health.module.js';
import { HistoryModule } from './history/history.module.js';
import { InventoryModule } from './inventory/inventory.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { LimitsModule } from './limits/limits.module.js';
import { LiveModule } from './live/live.module.js';
import { MailModule } from './mail/mail.module.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { ObservabilityModule } from './observability/observability.module.js';
import { PaymentsModule } from './payments/payments.module.js';
import { ProvidersModule } from './providers/providers.module.js';
import { ReconciliationModule } from './reconciliation/reconciliation.module.js';
import { RedisModule } from './redis/redis.module.js';
import { RefundsModule } from './refunds/refunds.module.js';
import { ResilienceModule } from './resilience/resilience.module.js';
import { SagaModule } from './saga/saga.module.js';
import { SeatsModule } from './seats/seats.module.js';
import { TicketsModule } from './tickets/tickets.module.js';
import { VenuesModule } from './venues/venues.module.js';
import { WaitlistModule } from './waitlist/waitlist.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

/** The table of contents. */
@Module({})
export class AppModule {
  static with(config: Config, extras: Type[] = []): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(config),
        DatabaseModule,
        FactsModule,
        JobsModule,
        ResilienceModule,
        RedisModule,
        CacheModule,
        SagaModule,
        MailModule.with(config),
        AuthModule,
        LimitsModule,
        AccountsModule,
        VenuesModule,
        EventsModule,
        InventoryModule,
        SeatsModule,
        BookingsModule,
        ProvidersModule,
        PaymentsModule,
        TicketsModule,
        ReconciliationModule,
        CheckoutModule,
        CancellationModule,
        RefundsModule,
        WaitlistModule,
        NotificationsModule,
        AnalyticsModule,
        HistoryModule,
        ...(config.role === 'worker' ? [] : [LiveModule]),
        WebhooksModule,
        AuditModule,
        ObservabilityModule,
        HealthModule.with(config),
        ...extras,
      ],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useClass: SchemaPipe },
      ],
    };
  }
}
