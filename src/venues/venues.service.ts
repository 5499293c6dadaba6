import { Injectable } from '@nestjs/common';
import { owns, type Principal } from '../auth/principal.js';
import { DomainError } from '../common/domain-error.js';
import { newId } from '../common/ids.js';
import type { Page } from '../common/schemas.js';
import { Database } from '../database/database.service.js';
import { VenueEntity } from './venue.entity.js';
import { VenuesRepository } from './venues.repository.js';
import type { NewVenue, Venue, VenueChanges, VenueQuery } from './venues.schemas.js';

@Injectable()
export class VenuesService {
  constructor(
    private readonly database: Database,
    private readonly venues: VenuesRepository,
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

  /** The venue, if this person may change it. Errors: `not_found`, also when it belongs to someone else. */
  async findOwned(user: Principal, id: string): Promise<Venue> {
    const found = await this.find(id);
    if (!owns(user, found.organizerId))
      throw new DomainError('not_found', { detail: 'There is no such venue of yours.' });
    return found;
  }

  async create(user: Principal, venue: NewVenue): Promise<Venue> {
    const id = newId();
    await this.database.transaction((tx) =>
      this.venues.insert(tx, { ...venue, description: venue.description ?? null, id, organizerId: user.id }),
    );
    return this.find(id);
  }

  /** Errors: `not_found`, `version_mismatch`. */
  async update(user: Principal, id: string, version: number, changes: VenueChanges): Promise<Venue> {
    await this.findOwned(user, id);
    const updated = await this.database.transaction((tx) => this.venues.update(tx, id, version, changes));
    if (!updated) throw new DomainError('version_mismatch');
    return this.find(id);
  }

  /** Its plans go with it. Errors: `not_found`, `venue_in_use` when it has events. */
  async delete(user: Principal, id: string): Promise<void> {
    await this.findOwned(user, id);
    await this.database.transaction((tx) => this.venues.delete(tx, id));
  }
}

function toVenue({ createdAt, updatedAt, ...row }: VenueEntity): Venue {
  return { ...row, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
