import { Injectable } from '@nestjs/common';
import { GrantsService } from '../auth/grants/grants.service.js';
import type { Principal } from '../platform/access/principal.js';
import { CallResult } from '../platform/common/call-result.js';
import { DomainError } from '../platform/common/domain-error.js';
import type { IdempotentCall } from '../platform/common/idempotent-call.js';
import { newId } from '../platform/common/ids.js';
import type { Page } from '../platform/common/pages.js';
import { DatabaseService } from '../platform/database/database.service.js';
import { IdempotencyService } from '../platform/database/idempotency.service.js';
import type { Tx } from '../platform/database/tx.js';
import { FactsService } from '../platform/facts/facts.service.js';
import { VenueEntity } from './venue.entity.js';
import { VenuesRepository } from './venues.repository.js';
import type { NewVenue, Venue, VenueChanges, VenueQuery } from './venues.schemas.js';

@Injectable()
export class VenuesService {
  constructor(
    private readonly database: DatabaseService,
    private readonly idempotency: IdempotencyService,
    private readonly venues: VenuesRepository,
    private readonly facts: FactsService,
    private readonly grants: GrantsService,
  ) {}

  async list(query: VenueQuery): Promise<Page<Venue>> {
    const page = await this.venues.page(query);
    return { ...page, data: page.data.map(toVenue) };
  }

  /** Errors: `not_found`. */
  async find(id: string): Promise<Venue> {
    const row = await this.venues.find(id);
    if (!row) throw new DomainError('not_found', { detail: 'There is no such venue.' });
    return toVenue(row);
  }

  /**
   * The venue, if this person may change it. Errors: `not_found`, also when it belongs to another organisation,
   * `permission_missing`.
   */
  async findOwned(user: Principal, id: string): Promise<Venue> {
    const found = await this.find(id);
    const where = { organisationId: found.organizerId };
    this.grants.require(user, 'events', where, 'There is no such venue of yours.');
    return found;
  }

  /** Errors: `organisation_required`, `permission_missing`, `idempotency_*`. */
  async create(user: Principal, venue: NewVenue, call?: IdempotentCall): Promise<CallResult<Venue>> {
    const id = newId();
    const row = {
      ...venue,
      description: venue.description ?? null,
      organizerId: this.grants.acting(user, 'events'),
    };
    return this.database.transaction((tx) =>
      this.idempotency.run(tx, call, async () => {
        const created = await this.venues.insert(tx, { ...row, id });
        await this.facts.append(tx, { ...about(user, id), type: 'venue.created', data: row });
        return toVenue(created);
      }),
    );
  }

  /** Errors: `not_found`, `version_mismatch`, `capacity_in_use` when a plan in use has more places. */
  async update(user: Principal, id: string, version: number, changes: VenueChanges): Promise<Venue> {
    await this.findOwned(user, id);
    await this.database.transaction(async (tx) => {
      if (!(await this.venues.update(tx, id, version, changes))) throw new DomainError('version_mismatch');
      if (changes.capacity !== undefined) await this.requireRoom(tx, id, changes.capacity);
      await this.facts.append(tx, { ...about(user, id), type: 'venue.updated', data: changes });
    });
    return this.find(id);
  }

  /** Its plans go with it. Errors: `not_found`, `venue_in_use` when it has events. */
  async delete(user: Principal, id: string): Promise<void> {
    await this.findOwned(user, id);
    await this.database.transaction(async (tx) => {
      if (!(await this.venues.delete(tx, id))) throw new DomainError('not_found');
      await this.facts.append(tx, { ...about(user, id), type: 'venue.deleted', data: {} });
    });
  }

  /** Plans of drafts count as well: they could not be published any more. */
  private async requireRoom(tx: Tx, id: string, capacity: number): Promise<void> {
    const largest = await this.venues.largestPlanInUse(tx, id);
    if (!largest || largest.places <= capacity) return;
    throw new DomainError('capacity_in_use', {
      detail: `The plan "${largest.name}" of an event has ${largest.places} seats and places: the capacity cannot be ${capacity}.`,
      errors: [{ path: 'capacity', message: `must be at least ${largest.places}` }],
      extra: { planId: largest.id, places: largest.places, capacity },
    });
  }
}

const about = (user: Principal, id: string) => ({ stream: 'venue', streamId: id, actor: user.id });

function toVenue({ createdAt, updatedAt, ...row }: VenueEntity): Venue {
  return { ...row, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
