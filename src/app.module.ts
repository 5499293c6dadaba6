import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AnalyticsModule } from './analytics/analytics.module.js';
import { AccountsModule } from './auth/accounts/accounts.module.js';
import { IdentitiesModule } from './auth/identities/identities.module.js';
import { LimitsModule } from './auth/limits/limits.module.js';
import { AuthModule } from './auth/tokens/auth.module.js';
import { BookingsModule } from './bookings/bookings.module.js';
import { CustomersModule } from './customers/customers.module.js';
import { EventsModule } from './events/events.module.js';
import { HouseModule } from './house/house.module.js';
import { ImagesModule } from './images/images.module.js';
import { InventoryModule } from './inventory/inventory.module.js';
import { SeatsModule } from './inventory/seat-map/seats.module.js';
import { LiveModule } from './live/live.module.js';
import { NotificationsModule } from './notifications/notifications/notifications.module.js';
import { WebhooksModule } from './notifications/webhooks/webhooks.module.js';
import { AuditLogModule } from './operations/audit-log/audit-log.module.js';
import { DemoModule } from './operations/demo/demo.module.js';
import { HealthModule } from './operations/health/health.module.js';
import { InvariantsModule } from './operations/invariants/invariants.module.js';
import { MailsModule } from './operations/mails/mails.module.js';
import { OverviewModule } from './operations/overview/overview.module.js';
import { PeopleModule } from './operations/people/people.module.js';
import { WebModule } from './operations/web/web.module.js';
import { CancellationModule } from './orders/cancellation/cancellation.module.js';
import { CheckoutModule } from './orders/checkout/checkout.module.js';
import { RefundsModule } from './orders/goodwill-refunds/refunds.module.js';
import { HistoryModule } from './orders/history/history.module.js';
import { OrganisationsModule } from './organisations/organisations.module.js';
import { PaymentsModule } from './payments/payments/payments.module.js';
import { ProvidersModule } from './payments/providers/providers.module.js';
import { ReconciliationModule } from './payments/reconciliation/reconciliation.module.js';
import { CacheModule } from './platform/cache/cache.module.js';
import type { Config } from './platform/config/config.js';
import { ConfigModule } from './platform/config/config.module.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { FactsModule } from './platform/facts/facts.module.js';
import { ProblemFilter } from './platform/http/problem.filter.js';
import { QueryGuard } from './platform/http/query.guard.js';
import { SchemaPipe } from './platform/http/schema.pipe.js';
import { JobsModule } from './platform/jobs/jobs.module.js';
import { MailModule } from './platform/mail/mail.module.js';
import { ObservabilityModule } from './platform/observability/observability.module.js';
import { RedisModule } from './platform/redis/redis.module.js';
import { ResilienceModule } from './platform/resilience/resilience.module.js';
import { SagaModule } from './platform/saga/saga.module.js';
import { TicketsModule } from './tickets/tickets.module.js';
import { VenuesModule } from './venues/venues.module.js';
import { WaitlistModule } from './waitlist/waitlist.module.js';

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
        HouseModule,
        ImagesModule,
        AuthModule,
        LimitsModule,
        AccountsModule,
        IdentitiesModule,
        OrganisationsModule,
        VenuesModule,
        EventsModule,
        CustomersModule,
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
        InvariantsModule,
        DemoModule,
        MailsModule,
        PeopleModule,
        AuditLogModule,
        OverviewModule,
        ObservabilityModule,
        HealthModule.with(config),
        WebModule,
        ...extras,
      ],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: QueryGuard },
        { provide: APP_PIPE, useClass: SchemaPipe },
      ],
    };
  }
}
