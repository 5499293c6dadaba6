import { Injectable } from '@nestjs/common';
import { GrantsService } from '../auth/grants/grants.service.js';
import { EventsService } from '../events/events.service.js';
import type { Principal } from '../platform/access/principal.js';
import { PlansService } from '../venues/plans.service.js';
import { AnalyticsRepository, type Scope } from './analytics.repository.js';
import type {
  CancellationsQuery,
  Figures,
  PopularQuery,
  SalesNumbers,
  SummaryQuery,
  TimeseriesQuery,
} from './analytics.schemas.js';
import { figuresOf, moneyOf, numbersOf, placeOf, share } from './figures.js';
import { before, type Period } from './period.rules.js';
import type { Report } from './report.js';
import {
  cancellationsReport,
  eventReport,
  popularReport,
  summaryReport,
  timeseriesReport,
} from './reports.js';
import { pointsOf } from './series.rules.js';

/** Numbers about sales: members of organisations see those of their events, administrators all. */
@Injectable()
export class AnalyticsService {
  constructor(
    private readonly events: EventsService,
    private readonly plans: PlansService,
    private readonly rollups: AnalyticsRepository,
    private readonly grants: GrantsService,
  ) {}

  async summary(user: Principal, period: SummaryQuery): Promise<Report> {
    return summaryReport(await this.compared(this.all(user), period));
  }

  async popular(user: Principal, { limit, ...period }: PopularQuery): Promise<Report> {
    const rows = await this.rollups.popular(this.all(user), period, limit);
    return popularReport(
      rows.map((row) => ({
        eventId: row.eventId,
        title: row.title,
        startsAt: row.startsAt.toISOString(),
        orders: row.orders,
        tickets: row.tickets,
        cancelled: row.cancelled,
        ...moneyOf(row),
        valid: row.valid,
        sellable: row.sellable,
        utilization: share(row.valid, row.sellable),
      })),
    );
  }

  /** Errors: `not_found`, also for another's event. */
  async event(user: Principal, id: string, period: SummaryQuery): Promise<Report> {
    const event = await this.events.findFor(user, 'money', id);
    const [compared, rows, soldOutAt, { sections, areas }] = await Promise.all([
      this.compared({ events: [id] }, period),
      this.rollups.places(id),
      this.rollups.soldOutAt(id),
      this.plans.layout(event.planId),
    ]);
    const places = rows.map((row) => ({
      kind: row.isArea ? ('area' as const) : ('section' as const),
      name: row.isArea ? areas[row.no]!.name : sections[row.no]!,
      ...placeOf(row),
    }));
    const sum = (what: 'capacity' | 'blocked' | 'valid') => places.reduce((all, one) => all + one[what], 0);
    const saleBegan = Math.max(+(event.publishedAt ?? 0), +(event.saleStartsAt ?? 0));
    return eventReport({
      eventId: id,
      title: event.title,
      timezone: event.timezone,
      currency: event.currency,
      ...compared,
      places: placeOf({ capacity: sum('capacity'), blocked: sum('blocked'), valid: sum('valid') }),
      sections: places,
      soldOutAt: soldOutAt?.toISOString() ?? null,
      minutesToSellOut: soldOutAt && Math.max(0, Math.ceil((+soldOutAt - saleBegan) / 60_000)),
    });
  }

  /** Errors: `not_found`, also for another's event. */
  async timeseries(user: Principal, { interval, eventId, from, to }: TimeseriesQuery): Promise<Report> {
    const scope = await this.scope(user, eventId);
    const period = { from, to };
    const rows =
      interval === 'hour'
        ? await this.rollups.hours(eventId!, period)
        : await this.rollups.days(scope, period);
    return timeseriesReport(interval, pointsOf(rows, interval === 'day' ? period : undefined));
  }

  /** Errors: `not_found`, also for another's event. */
  async cancellations(user: Principal, { eventId, ...period }: CancellationsQuery): Promise<Report> {
    const scope = await this.scope(user, eventId);
    const [totals, causes] = await Promise.all([
      this.rollups.totals(scope, period),
      this.rollups.causes(scope, period),
    ]);
    const { tickets, cancelled, cancellationRate } = figuresOf(period, totals);
    return cancellationsReport({ tickets, cancelled, cancellationRate, causes });
  }

  /** Sales so far of an event. Errors: `not_found`, also for another organisation's event, `permission_missing`. */
  async watch(user: Principal, eventId: string): Promise<{ organisationId: string; sales: SalesNumbers }> {
    const { organizerId: organisationId } = await this.events.findFor(user, 'money', eventId);
    return { organisationId, sales: (await this.soFar([eventId]))[0]! };
  }

  /** Sales so far of events that were found to belong to the caller. */
  async soFar(eventIds: readonly string[]): Promise<SalesNumbers[]> {
    return (await this.rollups.soFar(eventIds)).map(numbersOf);
  }

  private async compared(
    scope: Scope,
    period: Period,
  ): Promise<{ current: Figures; previous: Figures | null }> {
    const earlier = before(period);
    const [current, previous] = await Promise.all([
      this.rollups.totals(scope, period),
      earlier && this.rollups.totals(scope, earlier),
    ]);
    return {
      current: figuresOf(period, current),
      previous: earlier ? figuresOf(earlier, previous!) : null,
    };
  }

  /** All events that somebody may see the money of; what is tried out is no sale, and all that a test key sees. */
  private all(user: Principal): Scope {
    return { ...this.grants.reach(user, 'money'), sandbox: user.isTest === true };
  }

  private async scope(user: Principal, eventId: string | undefined): Promise<Scope> {
    if (!eventId) return this.all(user);
    await this.events.findFor(user, 'money', eventId);
    return { events: [eventId] };
  }
}
