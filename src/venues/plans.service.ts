import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Principal } from '../platform/access/principal.js';
import { CallResult } from '../platform/common/call-result.js';
import { DomainError } from '../platform/common/domain-error.js';
import type { IdempotentCall } from '../platform/common/idempotent-call.js';
import { newId } from '../platform/common/ids.js';
import { DatabaseService } from '../platform/database/database.service.js';
import { IdempotencyService } from '../platform/database/idempotency.service.js';
import { FactsService } from '../platform/facts/facts.service.js';
import type { Layout } from './layout.js';
import { buildLayout } from './layout.rules.js';
import { type Outline, outlineOf } from './outline.rules.js';
import { type PlanRow, PlansRepository } from './plans.repository.js';
import type { NewPlan, PlanSummary } from './plans.schemas.js';
import { checkPlan, MOST_PROBLEMS } from './seating-plan.rules.js';
import type { SeatingPlanDocument } from './seating-plan.schemas.js';
import { VenuesRepository } from './venues.repository.js';
import { VenuesService } from './venues.service.js';

export type { Layout, SeatLayout, Shape } from './layout.js';
export type { Outline, Point } from './outline.rules.js';

/** A layout of 50,000 seats takes about 15 MB. */
const LAYOUTS_KEPT = 8;
/** Some kilobytes each. */
const OUTLINES_KEPT = 100;
const PROBLEMS_LISTED = 300;

@Injectable()
export class PlansService {
  private readonly layouts = new LRUCache<string, Layout>({
    max: LAYOUTS_KEPT,
    fetchMethod: (id) => this.plans.layout(id),
  });

  /** A plan never changes. */
  private readonly outlines = new LRUCache<string, { outline: Outline | null }>({
    max: OUTLINES_KEPT,
    fetchMethod: async (id) => ({ outline: outlineOf(await this.layout(id)) }),
  });

  constructor(
    private readonly database: DatabaseService,
    private readonly venuesService: VenuesService,
    private readonly venues: VenuesRepository,
    private readonly plans: PlansRepository,
    private readonly facts: FactsService,
    private readonly idempotency: IdempotencyService,
  ) {}

  /**
   * Checks a document in the pretix format and keeps it as a new, immutable plan of the venue.
   * @param document the JSON text of `plan` as it was sent, given back by `export`
   * Errors: `not_found`, `invalid_plan` with every problem, `plan_exceeds_capacity`, and those of idempotency keys.
   */
  async import(
    user: Principal,
    venueId: string,
    { plan, accessible = [], areas = [] }: NewPlan,
    document = JSON.stringify(plan),
    call?: IdempotentCall,
  ): Promise<CallResult<PlanSummary>> {
    await this.venuesService.findOwned(user, venueId);
    const problems = checkPlan(plan, accessible, areas);
    if (problems.length > 0)
      throw new DomainError('invalid_plan', {
        detail: summarize(problems.length),
        errors: problems.slice(0, PROBLEMS_LISTED),
        extra: { problems: problems.length },
      });
    const layout = buildLayout(plan as unknown as SeatingPlanDocument, accessible, areas);
    const id = newId();
    const earlier = await this.database.transaction(async (tx) => {
      const made = await this.idempotency.begin(tx, call, id);
      if (made) return made;
      const venue = await this.venues.lock(tx, venueId);
      if (!venue) throw new DomainError('not_found', { detail: 'There is no such venue.' });
      requireRoom(layout, venue.capacity);
      const inserted = await this.plans.insert(tx, id, venueId, { document, accessible, areas }, layout);
      await this.facts.append(tx, imported(user, inserted));
    });
    return new CallResult(await this.plan(earlier ?? id), { replayed: earlier !== undefined });
  }

  /** Newest first. Errors: `not_found`. */
  async list(venueId: string): Promise<{ data: PlanSummary[]; next: null; total: number }> {
    await this.venuesService.find(venueId);
    const rows = await this.plans.ofVenue(venueId);
    return { data: rows.map(toSummary), next: null, total: rows.length };
  }

  /** Errors: `not_found`. */
  async plan(planId: string): Promise<PlanSummary> {
    const row = await this.plans.find(planId);
    if (!row) throw new DomainError('not_found', { detail: 'There is no such seating plan.' });
    return toSummary(row);
  }

  /**
   * JSON text of the plan with document, accessible seats and areas as they were imported. Text, because parsing and
   * printing 7 MB again would cost a second pass and the exact form of the document.
   * Errors: `not_found`, also for a plan of another venue.
   */
  async export(venueId: string, planId: string): Promise<string> {
    const summary = await this.plan(planId);
    const source = await this.plans.source(planId);
    if (!source || summary.venueId !== venueId)
      throw new DomainError('not_found', { detail: 'There is no such seating plan in this venue.' });
    const { document, accessible, areas } = source;
    return `${JSON.stringify({ ...summary, accessible, areas }).slice(0, -1)},"plan":${document}}`;
  }

  /** The sections of a plan, from memory where possible; null without seats. Errors: `not_found`. */
  async outline(planId: string): Promise<Outline | null> {
    return (await this.outlines.fetch(planId))!.outline;
  }

  /** The plan ready for use, from memory where possible. Do not change it. Errors: `not_found`. */
  async layout(planId: string): Promise<Layout> {
    const layout = await this.layouts.fetch(planId);
    if (!layout) throw new DomainError('not_found', { detail: 'There is no such seating plan.' });
    return layout;
  }
}

function imported(user: Principal, { id, venueId, version, name, seatCount, placeCount }: PlanRow) {
  const data = { venueId, version, name, seatCount, placeCount };
  return {
    stream: 'seating_plan',
    streamId: id,
    actor: user.id,
    type: 'seating_plan.imported' as const,
    data,
  };
}

function requireRoom({ seats, areas }: Layout, capacity: number): void {
  const places = areas.reduce((sum, area) => sum + area.capacity, seats.length);
  if (places > capacity)
    throw new DomainError('plan_exceeds_capacity', {
      detail: `The plan has ${places} seats and places, the venue may hold ${capacity}.`,
      extra: { places, capacity },
    });
}

function summarize(count: number): string {
  if (count === 1) return 'The plan has one problem.';
  const orMore = count === MOST_PROBLEMS ? ' or more' : '';
  const rest = count > PROBLEMS_LISTED ? `; the first ${PROBLEMS_LISTED} are listed` : '';
  return `The plan has ${count} problems${orMore}${rest}.`;
}

function toSummary({ createdAt, ...row }: PlanRow): PlanSummary {
  return { ...row, createdAt: createdAt.toISOString() };
}
